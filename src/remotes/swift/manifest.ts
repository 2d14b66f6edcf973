import { createHash } from 'node:crypto';
import { noBytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { Capabilities } from './capabilities.ts';
import { type Headers, lookUpOld } from './object.ts';
import type { Place } from './put.ts';
import type { Store } from './store.ts';
import { percentEncode, type Target } from './target.ts';

/** A part of a large object. */
export interface Segment {
  readonly target: Target;
  readonly size: number;
  readonly md5: string;
}

export interface Manifest {
  /** What the names of all segments begin with. */
  readonly folder: Target;
  /** In order. */
  readonly segments: readonly Segment[];
  readonly total: number;
  readonly capabilities: Capabilities;
  /** Of the object that they make. */
  readonly headers: Headers;
}

/** Makes one object of segments that stand in the store: static where the cluster has that, else dynamic. */
export async function putManifest(store: Store, place: Place, manifest: Manifest, call?: Call): Promise<void> {
  await store.containers.require(place.target.container, call?.signal);
  const isStored = manifest.capabilities.hasStaticLargeObjects && (await putStatic(store, place, manifest, call));
  if (!isStored) await putDynamic(store, place, manifest, call);
}

/** https://docs.openstack.org/swift/latest/overview_large_objects.html: the store looks at each segment, and refuses the
 *  manifest when a size or an MD5 differs. False where it may not look for us, in a container that we only write to. */
async function putStatic(
  store: Store,
  { target, path }: Place,
  { segments, headers }: Manifest,
  call?: Call,
): Promise<boolean> {
  const lines = segments.map((segment) => ({
    path: `/${segment.target.container}/${segment.target.name}`,
    etag: segment.md5,
    size_bytes: segment.size,
  }));
  const request = {
    ...{ method: 'PUT', target, path, headers, query: 'multipart-manifest=put', signal: call?.signal },
    body: Buffer.from(JSON.stringify(lines)),
  };
  const response = await store.service.send({ ...request, accept: [400] });
  const text = await response.text();
  if (response.status !== 400) return true;
  if (text.includes('403 Forbidden')) return false;
  throw new Failure('corrupt', `${path}: the store refuses its segments: ${text.slice(0, 200)}`, { path });
}

/** All objects whose names begin with the folder's are the segments: no list is kept, so the sum is checked afterwards. */
async function putDynamic(
  store: Store,
  place: Place,
  { folder, total, headers }: Manifest,
  call?: Call,
): Promise<void> {
  const { target, path } = place;
  const prefix = percentEncode(`${folder.container}/${folder.name}`);
  const response = await store.service.send({
    ...{ method: 'PUT', target, path, body: noBytes, signal: call?.signal },
    headers: { ...headers, 'x-object-manifest': prefix },
  });
  await response.discard();
  const found = await lookUpOld(store, target, path, call);
  if (found === null || found.size === total) return;
  throw new Failure('corrupt', `${path}: the store makes ${found.size} bytes of segments that have ${total}`, {
    path,
    retryable: true,
  });
}

/** The ETag of a static large object, without quotes: the MD5 of its segments' MD5s in hex. */
export function staticEtag(md5s: readonly string[]): string {
  return createHash('md5').update(md5s.join('')).digest('hex');
}
