import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, messageOf, unlessAbsent } from '../../core/failure.ts';
import { isObject, isOptional } from '../../core/json.ts';
import { parentPath } from '../../core/path.ts';
import type { Call } from '../../core/remote.ts';
import type { HttpResponse } from '../http/client.ts';
import { deleteAll } from './delete-all.ts';
import { type Segment, staticEtag } from './manifest.ts';
import { describe, lookUp, type ObjectInfo, unlessDenied } from './object.ts';
import { type Listed, pages } from './pages.ts';
import { parseList } from './parse-list.ts';
import type { Place } from './put.ts';
import { dynamicFolder, isOwnSegment, parseTarget, segmentsContainer, segmentsFolder } from './segment-names.ts';
import type { Store } from './store.ts';
import { type Target, urlPath } from './target.ts';

interface ManifestLine {
  readonly name?: string;
  readonly bytes?: number;
  readonly hash?: string;
  /** Which of its bytes count, where not all do. */
  readonly range?: unknown;
}

function isManifestLine(value: unknown): value is ManifestLine {
  if (!isObject(value)) return false;
  const { name, bytes, hash } = value;
  return isOptional(name, 'string') && isOptional(bytes, 'number') && isOptional(hash, 'string');
}

/** A large object's segments in order, none for an object in one piece. Null where the store does not tell them, and where
 *  only parts of them count. */
export async function segmentsOf(store: Store, place: Place, info: ObjectInfo, call?: Call): Promise<Segment[] | null> {
  if (info.layout === 'plain') return [];
  if (info.layout === 'dynamic')
    return (await unlessAbsent(listSegments(store, place, dynamicFolder(info), call))) ?? [];
  const { target, path } = place;
  const request = { method: 'GET', target, path, query: 'multipart-manifest=get', signal: call?.signal };
  const response = await store.service.send({ ...request, accept: [404] });
  if (isOtherNow(response, path)) {
    response.abandon();
    return [];
  }
  const text = await response.text();
  if (text === '') return provenSegments(store, place, info, call);
  const lines = parseList(text, path, isManifestLine);
  // Of other clients: parts of objects, and bytes that stand in the manifest itself.
  if (lines.some(({ name, range }) => name === undefined || range !== undefined)) return null;
  return lines.map(({ name = '', bytes = 0, hash = '' }) => ({ target: parseTarget(name), size: bytes, md5: hash }));
}

/** Whether what was a static large object a moment ago is gone, or in one piece, and its bytes are coming. radosgw's empty
 *  answer tells nothing. */
function isOtherNow({ status, headers }: HttpResponse, path: string): boolean {
  if (status === 404) return true;
  return headers.etag !== undefined && headers['content-length'] !== '0' && describe(headers, path).layout !== 'static';
}

/** As `segmentsOf`, for an object that they are to make again: all of its bytes must be in them. A listing may lag.
 *  Throws Failure('corrupt'). */
export async function allSegments(
  store: Store,
  place: Place,
  info: ObjectInfo,
  call?: Call,
): Promise<Segment[] | null> {
  const segments = await segmentsOf(store, place, info, call);
  const total = segments?.reduce((sum, segment) => sum + segment.size, 0) ?? info.size;
  if (info.size < 0 || total === info.size) return segments;
  throw new Failure('corrupt', `${place.path}: the store shows segments with ${total} of its ${info.size} bytes`, {
    path: place.path,
    retryable: true,
  });
}

/** The segments that may be removed with the object: not those that lie where they could belong to others, and none in a
 *  container that keeps old versions, as these need them. */
export async function ownSegments(store: Store, place: Place, info: ObjectInfo, call?: Call): Promise<Target[]> {
  if (info.layout === 'plain') return [];
  const { target, path } = place;
  if (info.layout === 'dynamic' && !isOwnSegment(dynamicFolder(info), target)) return foreign(store, path);
  if (await keepsVersions(store, place, call)) return [];
  const segments = await segmentsOf(store, place, info, call);
  const own = (segments ?? []).filter((segment) => isOwnSegment(segment.target, target));
  if (segments === null || own.length < segments.length) foreign(store, path);
  return own.map((segment) => segment.target);
}

/** Removes the segments of an object that stands no more, but those that another has put together anew meanwhile. Never
 *  throws: what they belonged to is gone already. */
export async function removeSegments(store: Store, place: Place, segments: readonly Target[]): Promise<void> {
  if (segments.length === 0) return;
  const { target, path } = place;
  await telling(store, path, async () => {
    const info = await unlessDenied(lookUp(store, target, path));
    const used = info ? await segmentsOf(store, place, info) : [];
    if (used === null)
      throw new Failure('unsupported', `${path}: the store does not tell which ones it has now`, { path });
    await deleteAll(store, without(segments, used), path);
  });
}

/** Those of `targets` that are none of `segments`. */
export function without(targets: readonly Target[], segments: readonly Segment[]): Target[] {
  const names = new Set(segments.map(({ target }) => urlPath(target)));
  return targets.filter((target) => !names.has(urlPath(target)));
}

// A request that was broken off when its body was whole is carried out all the same.
const landing = 1000; // milliseconds

/** Removes what a failed upload has `attempted` to put in `folder`, and after a moment what has arrived there since. Never
 *  throws. */
export async function removeAttempted(
  store: Store,
  place: Place,
  folder: Target,
  attempted: readonly Target[],
): Promise<void> {
  if (attempted.length === 0) return;
  await telling(store, place.path, async () => {
    await deleteAll(store, attempted, place.path);
    await sleep(landing);
    const late = await listSegments(store, place, { ...folder, name: `${folder.name}/` });
    await deleteAll(
      store,
      late.map(({ target }) => target),
      place.path,
    );
  });
}

async function telling(store: Store, path: string, removal: () => Promise<void>): Promise<void> {
  try {
    await removal();
  } catch (error) {
    store.report.notice(path, `segments are left over: ${messageOf(error)}`);
  }
}

function foreign(store: Store, path: string): Target[] {
  store.report.notice(path, 'its old segments stay: they may belong to another object too');
  return [];
}

async function listSegments(store: Store, { path }: Place, prefix: Target, call?: Call): Promise<Segment[]> {
  const segments: Segment[] = [];
  for await (const page of pages(store, prefix.container, { prefix: prefix.name, path }, call)) {
    for (const listed of page) segments.push(segmentOf(prefix.container, listed));
  }
  return segments;
}

function segmentOf(container: string, { name = '', bytes = 0, hash = '' }: Listed): Segment {
  return { target: { container, name }, size: bytes, md5: hash };
}

/** radosgw gives no manifest back, but its ETag proves which of the segments below the object's name are in it. */
async function provenSegments(store: Store, place: Place, info: ObjectInfo, call?: Call): Promise<Segment[] | null> {
  const { container, name } = place.target;
  const candidates = [
    { container: segmentsContainer(container), name: `${name}/` },
    { container, name: `${segmentsFolder}/${name}/` },
  ];
  for (const prefix of candidates) {
    const found = (await unlessAbsent(listSegments(store, place, prefix, call))) ?? [];
    for (const group of byFolder(found)) {
      if (staticEtag(group.map((segment) => segment.md5)) === info.etag) return group;
    }
  }
  return null;
}

function byFolder(segments: readonly Segment[]): Iterable<Segment[]> {
  const groups = new Map<string, Segment[]>();
  for (const segment of segments) {
    const folder = parentPath(segment.target.name);
    groups.set(folder, [...(groups.get(folder) ?? []), segment]);
  }
  return groups.values();
}

const versionHeaders = ['x-versions-location', 'x-history-location', 'x-versions-enabled'];

async function keepsVersions(store: Store, { target, path }: Place, call?: Call): Promise<boolean> {
  const container = { container: target.container, name: '' };
  const response = await store.service.send({
    method: 'HEAD',
    target: container,
    path,
    signal: call?.signal,
    accept: [403, 404],
  });
  await response.discard();
  return versionHeaders.some((name) => !['', 'false'].includes(response.headers[name]?.toLowerCase() ?? ''));
}
