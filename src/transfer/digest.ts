import { createHash } from 'node:crypto';
import type { Bytes } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { HashType } from '../core/hash.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { hashOf } from './compare.ts';
import { placeName } from './place.ts';
import { withRetries } from './retry.ts';
import type { Session } from './session.ts';

/** Hashes a stream to its end; lower-case hex. */
export async function digestOf(bytes: Bytes, type: HashType): Promise<string> {
  const hash = createHash(type);
  for await (const piece of bytes) hash.update(piece);
  return hash.digest('hex');
}

/** Asks the store, or reads the file under --download. Throws Failure('unsupported') for a hash that the store does not keep. */
export function hasher(
  session: Session,
  at: Location,
  type: HashType,
  download: boolean,
): (file: FileEntry) => Promise<string | null> {
  return async (file) => {
    if (download) return digestByReading(session, at, file, type);
    if (!at.remote.hash || !at.remote.features.hashes.includes(type)) {
      throw new Failure('unsupported', `${placeName(at)} keeps no ${type}: --download hashes the files here`);
    }
    return hashOf(session, at, file, type);
  };
}

/** Hashes a file by reading it, whatever its store knows. */
function digestByReading(session: Session, at: Location, file: FileEntry, type: HashType): Promise<string> {
  const path = joinPath(at.path, file.path);
  return withRetries(session, file.path, () =>
    digestOf(at.remote.read(path, undefined, { signal: session.signal }), type),
  );
}
