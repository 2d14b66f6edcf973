import type { Entry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import { baseName } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { asCrypt, type CryptRemote } from '../remotes/crypt/as-crypt.ts';
import { placeName } from '../transfer/place.ts';

/** The crypt remote that `at` lies on. Throws Failure('usage') for another type. */
export function requireCrypt(at: Location): CryptRemote {
  const crypt = asCrypt(at.remote);
  if (!crypt) throw new Failure('usage', `${placeName(at)} is not a crypt remote: name one of type "crypt"`);
  return crypt;
}

/** How entries below `at` are called where the crypt remote keeps them, from there on. */
export function sealedPaths(at: Location): (entry: Entry) => string {
  const crypt = requireCrypt(at);
  return ({ path, kind }) => crypt.sealName(path, kind);
}

/** The last part of those. */
export function sealedNames(at: Location): (entry: Entry) => string {
  const sealedPath = sealedPaths(at);
  return (entry) => baseName(sealedPath(entry));
}
