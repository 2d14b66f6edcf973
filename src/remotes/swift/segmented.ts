import type { Source } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { plainType } from '../../formats/mime.ts';
import { checkedBody } from '../http/request-body.ts';
import { withRetries } from '../http/retry.ts';
import { assemble } from './assemble.ts';
import type { Capabilities } from './capabilities.ts';
import { cutStream } from './cut-stream.ts';
import type { Making, Segment } from './manifest.ts';
import type { Headers } from './object.ts';
import { type Place, putStream } from './put.ts';
import { segmentsPlace } from './segment-names.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

const segmentsAtOnce = 4;
const mebibyte = 2 ** 20;

interface Plan {
  /** Bytes of each segment but the last. */
  readonly size: number;
  readonly capabilities: Capabilities;
  place(index: number): Target;
}

/** Stores a file in segments: side by side from a source that can be opened anywhere, one by one from a pipe. */
export async function putSegmented(
  store: Store,
  place: Place,
  source: Source,
  { headers, replaces }: Pick<Making, 'headers' | 'replaces'>,
  call?: Call,
): Promise<{ readonly size: number }> {
  const capabilities = await store.capabilities(call?.signal);
  const folder = segmentsPlace(store.options, place.target, source.size, nowInNanoseconds());
  const plan = { size: segmentSize(store, place, source.size, capabilities), capabilities };
  const put = source.replayable && source.size !== null ? putParts : putStreamParts;
  const upload = (placed: Plan['place']) => put(store, place, source, { ...plan, place: placed }, call);
  return { size: await assemble(store, place, { folder, headers, replaces }, upload, call) };
}

/** Side by side, each from its own place in the source, each tried again by itself. */
async function putParts(
  store: Store,
  place: Place,
  source: Source,
  plan: Plan,
  call: Call | undefined,
): Promise<Segment[]> {
  const total = source.size ?? 0;
  const segments: Segment[] = [];
  const indices = Array.from({ length: Math.ceil(total / plan.size) }, (_, index) => index);
  await forEachParallel(indices, segmentsAtOnce, call?.signal, async (index, signal) => {
    const target = plan.place(index);
    const start = index * plan.size;
    const part = { source, start, length: Math.min(plan.size, total - start) };
    const send = () => putStream(store, { target, path: place.path }, part, segmentHeaders, { signal });
    const attempt = () => store.containers.within(target.container, signal, send);
    const stored = await withRetries(store.settings, store.report, place.path, attempt, signal);
    segments[index] = { target, ...stored };
  });
  return segments;
}

/** One after the other: a pipe gives its bytes once. */
async function putStreamParts(
  store: Store,
  { path }: Place,
  source: Source,
  { size, capabilities, place }: Plan,
  call: Call | undefined,
): Promise<Segment[]> {
  const segments: Segment[] = [];
  for await (const part of cutStream(checkedBody({ source, length: source.size }), size)) {
    if (capabilities.hasStaticLargeObjects && segments.length >= capabilities.mostSegments) {
      const message = `${path}: over ${segments.length} segments of ${size} bytes: set chunk_size higher`;
      throw new Failure('too-large', message, { path });
    }
    const target = place(segments.length);
    const stored = await putStream(store, { target, path }, { source: part, length: null }, segmentHeaders, call);
    segments.push({ target, ...stored });
  }
  return segments;
}

export const segmentHeaders: Headers = { 'content-type': plainType };

/** chunk_size, or more where the manifest would otherwise hold too many. */
function segmentSize({ options }: Store, { path }: Place, total: number | null, capabilities: Capabilities): number {
  const { mostSegments, largestObject, hasStaticLargeObjects } = capabilities;
  const needed = total === null || !hasStaticLargeObjects ? 0 : total / mostSegments;
  const least = Math.ceil(needed / mebibyte) * mebibyte;
  const size =
    total !== null && total <= options.chunk_size * mostSegments
      ? options.chunk_size
      : Math.max(options.chunk_size, least);
  if (size <= largestObject) return size;
  const advice = needed > largestObject ? '' : ': set chunk_size lower';
  const message = `${path}: needs segments of ${size} bytes, the store takes ${largestObject}${advice}`;
  throw new Failure('too-large', message, { path });
}
