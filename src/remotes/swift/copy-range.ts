import { noBytes, type Range } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import { plainType } from '../../formats/mime.ts';
import type { Segment } from './manifest.ts';
import { lookUpFile } from './object.ts';
import type { Place } from './put.ts';
import type { Store } from './store.ts';
import { type Target, urlPath } from './target.ts';

/** A part of an object in one piece. */
export interface Cut {
  readonly from: Target;
  readonly range: Required<Range>;
  /** Of the whole object. */
  readonly md5: string;
}

/** Copies a part of an object to an object of its own, on the store's side.
 *  https://docs.openstack.org/swift/latest/middleware.html#server-side-copy: the range of a PUT with X-Copy-From counts
 *  for what is copied, and so does its If-Match. */
export async function copyRange(
  store: Store,
  { from, range: { start, end }, md5 }: Cut,
  { target, path }: Place,
  call?: Call,
): Promise<Segment> {
  const response = await store.service.send({
    ...{ method: 'PUT', target, path, body: noBytes, signal: call?.signal },
    headers: {
      'x-copy-from': urlPath(from),
      'x-fresh-metadata': 'true',
      'content-type': plainType,
      range: `bytes=${start}-${end - 1}`,
      'if-match': md5,
    },
  });
  await response.discard();
  const { size, etag = '' } = await lookUpFile(store, target, path, call);
  if (size === end - start) return { target, size, md5: etag };
  throw new Failure('unsupported', `${path}: the store copied ${size} bytes of the ${end - start} it was asked for`, {
    path,
  });
}
