import type { Location, Remote } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import type { NamedKey } from './keys.ts';

/** What can be asked of a Crypt4GH remote beyond what every remote answers. */
export interface Crypt4ghRemote {
  /** Where the sealed files lie. */
  readonly base: Location;
  /** The path on the base's remote of a plain path. */
  sealedPath(path: string): string;
  /** Public keys of those who can open what is written. */
  readonly recipients: readonly NamedKey[];
  /** The user's key; null in a drop box. */
  readonly own: KeyPair | null;
}

const remotes = new WeakMap<Remote, Crypt4ghRemote>();

/** Null for a remote that is not of type crypt4gh. */
export function asCrypt4gh(remote: Remote): Crypt4ghRemote | null {
  return remotes.get(remote) ?? null;
}

/** Makes `asCrypt4gh` know `remote`. */
export function registerCrypt4gh(remote: Remote, crypt4gh: Crypt4ghRemote): void {
  remotes.set(remote, crypt4gh);
}
