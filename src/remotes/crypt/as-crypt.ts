import type { Source } from '../../core/bytes.ts';
import type { Entry } from '../../core/entry.ts';
import type { HashType } from '../../core/hash.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import type { ContentCipher } from '../../formats/rclone-crypt/content.ts';
import type { EitherSide } from './either-side.ts';
import type { CryptPasswords } from './passwords.ts';
import type { Sides } from './sides.ts';

/** What can be asked of a crypt remote beyond what every remote answers. */
export interface CryptRemote {
  /** Where the sealed files lie. */
  readonly base: Location;
  /** The path below `base` of a plain path, of a file unless told otherwise. Throws Failure('too-large'). */
  sealName(path: string, kind?: Entry['kind']): string;
  /** The plain path; null where it does not decrypt. */
  openName(sealed: string, kind?: Entry['kind']): string | null;
  /** The hash that the store has of the sealed file at the plain path; null where it knows none. */
  storedHash(path: string, type: HashType, call?: Call): Promise<string | null>;
  /** The hash, in hex, that the store would have of `plain` if its sealed form stood at `path`: sealed under the nonce
   *  of the file that does. Throws Failure('not-found'), or 'corrupt' where that file is not sealed. */
  sealedHash(path: string, plain: Source, type: HashType, call?: Call): Promise<string>;
  /** Those that it was opened with, revealed. */
  readonly passwords: CryptPasswords;
  /** What seals what coffer itself keeps there. */
  readonly cipher: ContentCipher;
  /** Set while the remote has previous passwords. */
  readonly transition?: Transition;
}

/** A crypt remote between two pairs of passwords, for whoever moves its files from one to the other. */
export interface Transition extends Pick<EitherSide, 'isShared' | 'sideOfShared'> {
  readonly current: Remote;
  readonly previous: Remote;
  readonly sides: Sides;
}

const crypts = new WeakMap<Remote, CryptRemote>();

/** Null for a remote that is not of type crypt. */
export function asCrypt(remote: Remote): CryptRemote | null {
  return crypts.get(remote) ?? null;
}

/** Makes `asCrypt` know `remote`. */
export function registerCrypt(remote: Remote, crypt: CryptRemote): void {
  crypts.set(remote, crypt);
}
