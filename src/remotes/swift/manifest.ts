import { createHash } from 'node:crypto';
import { noBytes } from '../../core/bytes.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { HttpResponse } from '../http/client.ts';
import type { Capabilities } from './capabilities.ts';
import { type Headers, lookUp, type ObjectInfo, tagIn } from './object.ts';
import type { Place } from './put.ts';
import { dynamicFolder, dynamicSize, isOwnSegment } from './segment-names.ts';
import type { Store } from './store.ts';
import { isSameTarget, percentEncode, type Target } from './target.ts';

/** A part of a large object. */
export interface Segment {
  readonly target: Target;
  readonly size: number;
  readonly md5: string;
}

/** What a large object is made as. */
export interface Making {
  /** What the names of its new segments begin with. */
  readonly folder: Target;
  readonly headers: Headers;
  /** The tag of the only object that it may replace. */
  readonly replaces?: string | undefined;
}

export interface Manifest extends Making {
  /** In order. */
  readonly segments: readonly Segment[];
  readonly total: number;
  readonly capabilities: Capabilities;
}

/** What the answer to a manifest says: that its segments are the object now, that they may be, or, as OpenStack Swift alone
 *  says it, that a later object stands and they never were. */
export type Answered = 'proven' | 'unproven' | 'overtaken';

/** Makes one object of segments that stand in the store: static where the cluster has that, else dynamic. */
export async function putManifest(store: Store, place: Place, manifest: Manifest, call?: Call): Promise<Answered> {
  return store.containers.within(place.target.container, call?.signal, async () => {
    const stored = manifest.capabilities.hasStaticLargeObjects ? await putStatic(store, place, manifest, call) : null;
    return stored ?? putDynamic(store, place, manifest, call);
  });
}

/** https://docs.openstack.org/swift/latest/overview_large_objects.html: the store looks at each segment, and refuses the
 *  manifest when a size or an MD5 differs. Null where it may not look for us, in a container that we only write to. */
async function putStatic(
  store: Store,
  { target, path }: Place,
  { segments, headers }: Manifest,
  call?: Call,
): Promise<Answered | null> {
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
  if (response.status !== 400) return tagIn(response.headers) === etagOf(segments) ? 'proven' : answered(response);
  if (text.includes('403 Forbidden')) return null;
  throw new Failure('corrupt', `${path}: the store refuses its segments: ${text.slice(0, 200)}`, { path });
}

/** All objects whose names begin with the folder's are the segments: no list is kept. */
async function putDynamic(
  store: Store,
  { target, path }: Place,
  { folder, headers }: Manifest,
  call?: Call,
): Promise<Answered> {
  const prefix = percentEncode(`${folder.container}/${folder.name}`);
  const response = await store.service.send({
    ...{ method: 'PUT', target, path, body: noBytes, signal: call?.signal },
    headers: { ...headers, 'x-object-manifest': prefix },
  });
  await response.discard();
  return answered(response);
}

function answered({ status, headers }: HttpResponse): Answered {
  return status === 202 && headers.etag === undefined ? 'overtaken' : 'unproven';
}

/** Looks whether the object is what the manifest makes, unless we may write and not look. False for what must have replaced
 *  that by now. Throws Failure('corrupt'). */
export async function stands(
  store: Store,
  { target, path }: Place,
  { folder, segments, total }: Manifest,
  old: ObjectInfo | null,
  call?: Call,
): Promise<boolean> {
  let found: ObjectInfo | null;
  try {
    found = await lookUp(store, target, path, call);
  } catch (error) {
    if (isFailure(error, 'denied')) return true;
    throw error;
  }
  const dynamic = dynamicOf(found);
  const isOurs = dynamic ? isSameTarget(dynamic, folder) : found?.etag === etagOf(segments);
  if (found?.size === total && isOurs) return true;
  if (found && !isOurs && hasReplaced(found, target, old)) return false;
  const what = isOurs ? `${found?.size} bytes of segments that have ${total}` : 'something else of its segments';
  throw new Failure('corrupt', `${path}: the store makes ${what}`, { path, retryable: true });
}

/** Whether what stands at a target is another object than the `old` one, and cannot be what the store made of a manifest: it is
 *  in one piece and has bytes, or it is a whole dynamic large object of that name. */
function hasReplaced(found: ObjectInfo, target: Target, old: ObjectInfo | null): boolean {
  if (found.layout === 'plain') return found.size > 0 && !isUnchanged(found, old);
  const [folder, before] = [dynamicOf(found), dynamicOf(old)];
  if (!folder || !isOwnSegment(folder, target) || (before && isSameTarget(folder, before))) return false;
  return dynamicSize(found) === found.size;
}

/** The same bytes that are stored again have another timestamp, of microseconds. */
function isUnchanged(found: ObjectInfo, old: ObjectInfo | null): boolean {
  return found.etag === old?.etag && found.headers['x-timestamp'] === old?.headers['x-timestamp'];
}

function dynamicOf(info: ObjectInfo | null): Target | null {
  return info?.layout === 'dynamic' ? dynamicFolder(info) : null;
}

function etagOf(segments: readonly Segment[]): string {
  return staticEtag(segments.map(({ md5 }) => md5));
}

/** The ETag of a static large object, without quotes: the MD5 of its segments' MD5s in hex. */
export function staticEtag(md5s: readonly string[]): string {
  return createHash('md5').update(md5s.join('')).digest('hex');
}
