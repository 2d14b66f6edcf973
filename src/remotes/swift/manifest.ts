import { createHash } from 'node:crypto';
import { noBytes } from '../../core/bytes.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { Capabilities } from './capabilities.ts';
import { type Headers, lookUp, type ObjectInfo, tagIn } from './object.ts';
import type { Place } from './put.ts';
import { dynamicFolder } from './segment-names.ts';
import type { Store } from './store.ts';
import { isSameTarget, percentEncode, type Target } from './target.ts';

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

/** Makes one object of segments that stand in the store: static where the cluster has that, else dynamic. False where the
 *  store's answer does not prove that they are the object now: `requireManifest` finds out. */
export async function putManifest(store: Store, place: Place, manifest: Manifest, call?: Call): Promise<boolean> {
  await store.containers.require(place.target.container, call?.signal);
  const stored = manifest.capabilities.hasStaticLargeObjects ? await putStatic(store, place, manifest, call) : null;
  if (stored) return stored.isProven;
  await putDynamic(store, place, manifest, call);
  return false;
}

/** https://docs.openstack.org/swift/latest/overview_large_objects.html: the store looks at each segment, and refuses the
 *  manifest when a size or an MD5 differs. Null where it may not look for us, in a container that we only write to. */
async function putStatic(
  store: Store,
  { target, path }: Place,
  { segments, headers }: Manifest,
  call?: Call,
): Promise<{ readonly isProven: boolean } | null> {
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
  if (response.status !== 400) return { isProven: tagIn(response.headers) === etagOf(segments) };
  if (text.includes('403 Forbidden')) return null;
  throw new Failure('corrupt', `${path}: the store refuses its segments: ${text.slice(0, 200)}`, { path });
}

/** All objects whose names begin with the folder's are the segments: no list is kept. */
async function putDynamic(
  store: Store,
  { target, path }: Place,
  { folder, headers }: Manifest,
  call?: Call,
): Promise<void> {
  const prefix = percentEncode(`${folder.container}/${folder.name}`);
  const response = await store.service.send({
    ...{ method: 'PUT', target, path, body: noBytes, signal: call?.signal },
    headers: { ...headers, 'x-object-manifest': prefix },
  });
  await response.discard();
}

/** Looks whether the object is what the manifest makes, unless we may write and not look. Throws Failure('corrupt'). */
export async function requireManifest(
  store: Store,
  { target, path }: Place,
  { folder, segments, total }: Manifest,
  call?: Call,
): Promise<void> {
  let found: ObjectInfo | null;
  try {
    found = await lookUp(store, target, path, call);
  } catch (error) {
    if (isFailure(error, 'denied')) return;
    throw error;
  }
  const isOurs =
    found?.layout === 'dynamic' ? isSameTarget(dynamicFolder(found), folder) : found?.etag === etagOf(segments);
  if (found?.size === total && isOurs) return;
  const what = isOurs ? `${found?.size} bytes of segments that have ${total}` : 'something else of its segments';
  throw new Failure('corrupt', `${path}: the store makes ${what}`, { path, retryable: true });
}

function etagOf(segments: readonly Segment[]): string {
  return staticEtag(segments.map(({ md5 }) => md5));
}

/** The ETag of a static large object, without quotes: the MD5 of its segments' MD5s in hex. */
export function staticEtag(md5s: readonly string[]): string {
  return createHash('md5').update(md5s.join('')).digest('hex');
}
