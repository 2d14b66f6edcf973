import { collect, sourceOf } from '../core/bytes.ts';
import { inNanoseconds } from '../core/date.ts';
import { Failure } from '../core/failure.ts';
import { baseName, joinPath, parentPath } from '../core/path.ts';
import type { Call, Location } from '../core/remote.ts';
import { asCrypt } from '../remotes/crypt/as-crypt.ts';
import { shareName } from '../remotes/crypt/reserved.ts';
import { placeName } from '../transfer/place.ts';
import type { Session } from '../transfer/session.ts';
import { uploadStream } from '../transfer/upload.ts';
import { largestShare } from './share.ts';

/** Where the share of what lies at `at` is published: beside its sealed files, so that who can reach the bucket finds it.
 *  Throws Failure('usage') where the bucket is still to be named. */
export function publishedAt(at: Location): Location {
  const { remote, path } = lowest(at);
  if (path !== '' || !remote.features.buckets) return { remote, path: joinPath(path, shareName) };
  throw new Failure('usage', `${placeName({ remote, path })} is not a bucket: name the one that the share is for`);
}

/** The text of a share, as far as one can be long. Throws what the remote throws. */
export async function readShare({ remote, path }: Location, call?: Call): Promise<string> {
  const data = await collect(remote.read(path, { start: 0, end: largestShare + 1 }, call));
  return new TextDecoder().decode(data);
}

/** False when a dry run or the user says no. */
export async function writeShare(session: Session, at: Location, text: string, now: Date): Promise<boolean> {
  const parent = { remote: at.remote, path: parentPath(at.path) };
  const bytes = sourceOf(new TextEncoder().encode(text)).open();
  const modified = inNanoseconds(now);
  return (await uploadStream(session, parent, baseName(at.path), bytes, modified)) !== null;
}

function lowest(at: Location): Location {
  const crypt = asCrypt(at.remote);
  return crypt ? lowest(crypt.base) : at;
}
