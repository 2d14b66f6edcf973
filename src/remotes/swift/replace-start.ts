import { collect, concat, joinSources, noBytes, type Range } from '../../core/bytes.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import type { Call, NewStart } from '../../core/remote.ts';
import { requireTag } from '../http/tag.ts';
import { assemble } from './assemble.ts';
import { type Cut, copyRange } from './copy-range.ts';
import type { Making, Segment } from './manifest.ts';
import { type Headers, headersForBytes, lookUpFile, mtimeHeader, type ObjectInfo, tagIn } from './object.ts';
import { type Place, putBytes } from './put.ts';
import { readBytes, readFile } from './read.ts';
import { segmentsPlace } from './segment-names.ts';
import { segmentHeaders } from './segmented.ts';
import { allSegments } from './segments.ts';
import type { Store } from './store.ts';
import { fileTarget, type Target } from './target.ts';
import { putFile } from './write.ts';

// Up to this an object in one piece is worth more than what goes over the line.
const smallSize = 10 << 20;

/** Puts other bytes at the front of an object. A large one becomes segments: the new start, what was behind the old one
 *  in its segment, copied by the store, and the other segments as they are. */
export async function replaceStart(
  store: Store,
  path: string,
  start: NewStart,
  call?: Call,
): Promise<{ readonly isMovedByStore: boolean }> {
  const place: Place = { target: fileTarget(store.encoder, path), path };
  const info = await lookUpFile(store, place.target, path, call);
  requireTag(info.etag, start.tag, path);
  const headers = headersOf(info);
  const plan = await planSegments(store, place, info, start, call);
  if (plan) await putTogether(store, place, plan, { size: info.size, headers, replaces: info.etag }, call);
  else {
    const onOpen = (headers: Headers): void => requireTag(tagIn(headers), info.etag, path);
    const read = (range: Range) => readBytes(store, path, range, call, onOpen);
    const source = joinSources(start.bytes, restOf(info.size, start.length, read));
    await putFile(store, place, source, { headers, replaces: info.etag }, call);
  }
  return { isMovedByStore: plan !== null };
}

function restOf(size: number, skipped: number, read: (range: Range) => AsyncIterable<Uint8Array>) {
  return {
    size: size - skipped,
    replayable: true,
    open: ({ start, end }: Range = { start: 0 }) =>
      read({ start: skipped + start, end: end === undefined ? size : skipped + end }),
  };
}

/** All that is kept of an object that gets other bytes; its time too, where only the store knew that. */
function headersOf(info: ObjectInfo): Headers {
  return { ...headersForBytes(info), ...(info.modified !== null && mtimeHeader(info.modified)) };
}

interface SegmentPlan {
  readonly first: Uint8Array;
  /** The part of an object that becomes the second segment. */
  readonly cut: Cut;
  /** Those behind it. */
  readonly kept: readonly Segment[];
}

/** Null where the bytes have to go through here. */
async function planSegments(
  store: Store,
  place: Place,
  info: ObjectInfo,
  start: NewStart,
  call: Call | undefined,
): Promise<SegmentPlan | null> {
  const capabilities = await store.capabilities(call?.signal);
  const isPossible = capabilities.hasStaticLargeObjects && !store.options.no_large_objects;
  if (!isPossible || info.size - start.length <= smallSize) return null;
  const segments =
    info.layout === 'plain'
      ? [{ target: place.target, size: info.size, md5: info.etag ?? '' }]
      : await allSegments(store, place, info, call);
  if (!segments || segments.length + 1 > capabilities.mostSegments) return null;

  const folded = Math.max(0, capabilities.smallestSegment - start.bytes.length);
  const range = { start: start.length, end: start.length + folded };
  const more = folded > 0 ? await collect(readFile(store, place.path, range, call)) : noBytes;
  let offset = range.end;
  for (const [index, { target, size, md5 }] of segments.entries()) {
    if (offset < size) {
      const cut = { from: target, range: { start: offset, end: size }, md5 };
      return { first: concat([start.bytes, more]), cut, kept: segments.slice(index + 1) };
    }
    offset -= size;
  }
  return null;
}

async function putTogether(
  store: Store,
  place: Place,
  { first, cut, kept }: SegmentPlan,
  { size, ...making }: Omit<Making, 'folder'> & { readonly size: number },
  call: Call | undefined,
): Promise<void> {
  const folder = segmentsPlace(store.options, place.target, size, nowInNanoseconds());
  const upload = async (placed: (index: number) => Target): Promise<readonly Segment[]> => {
    const target = placed(0);
    const stored = await putBytes(store, { target, path: place.path }, first, segmentHeaders, call);
    const to = { target: placed(1), path: place.path };
    return [{ target, ...stored }, await copyRange(store, cut, to, call), ...kept];
  };
  await assemble(store, place, { folder, ...making }, upload, call);
}
