import { Failure } from '../../core/failure.ts';
import type { Location } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { asCrypt4gh, type Crypt4ghRemote } from '../../remotes/crypt4gh/as-crypt4gh.ts';

/** Files of a Crypt4GH remote that their owner can open. */
export interface SealedTree {
  readonly at: Location;
  readonly crypt4gh: Crypt4ghRemote;
  readonly own: KeyPair;
}

/** Throws Failure('usage') for another remote, and for one without a secret key: only who can open a file can let others
 *  do so. */
export function sealedTreeAt(at: Location): SealedTree {
  const { label } = at.remote;
  const crypt4gh = asCrypt4gh(at.remote);
  if (!crypt4gh) throw new Failure('usage', `${label} is not a remote of type crypt4gh: only those have recipients`);
  const { own } = crypt4gh;
  if (own) return { at, crypt4gh, own };
  throw new Failure(
    'usage',
    `${label} has no secret_key: only somebody who can open a file can see and change who else can`,
  );
}
