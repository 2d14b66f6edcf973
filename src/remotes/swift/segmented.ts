import type { Source } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { withRetries } from '../http/retry.ts';
import type { Capabilities } from './capabilities.ts';
import { cutStream } from './cut-stream.ts';
import { putManifest, type Segment } from './manifest.ts';
import type { Headers } from './object.ts';
import { type Place, putStream } from './put.ts';
import { segmentsPlace, segmentTarget } from './segment-names.ts';
import { removeSegments } from './segments.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

const segmentsAtOnce = 4;
const mebibyte = 2 ** 20;

/** Stores a file as segments and a manifest that makes one object of them. The manifest comes last, so the old object
 *  stands until all is there; a failure takes the new segments away again. */
export async function putSegmented(
  store: Store,
  place: Place,
  source: Source,
  headers: Headers,
  call?: Call,
): Promise<{ readonly size: number }> {
  const capabilities = await store.capabilities();
  const folder = segmentsPlace(store.options, place.target, source.size, nowInNanoseconds());
  await store.containers.require(folder.container, call?.signal);
  const attempted: Target[] = [];
  const segments: Segment[] = [];
  const track = (index: number): Target => {
    const target = segmentTarget(folder, index);
    attempted.push(target);
    return target;
  };
  try {
    const size = segmentSize(store, place, source.size, capabilities);
    if (source.replayable && source.size !== null) {
      await putParts(store, place, source, { size, total: source.size, track, segments }, call);
    } else {
      await putStreamParts(store, place, source, { size, capabilities, track, segments }, call);
    }
    const total = segments.reduce((sum, segment) => sum + segment.size, 0);
    await putManifest(store, place, { folder, segments, total, capabilities, headers }, call);
    return { size: total };
  } catch (error) {
    if (!store.options.leave_parts_on_error) await removeSegments(store, place, attempted);
    throw error;
  }
}

/** Side by side, each from its own place in the source, each tried again by itself. */
async function putParts(
  store: Store,
  place: Place,
  source: Source,
  plan: { size: number; total: number; track(index: number): Target; segments: Segment[] },
  call: Call | undefined,
): Promise<void> {
  const indices = Array.from({ length: Math.ceil(plan.total / plan.size) }, (_, index) => index);
  await forEachParallel(indices, segmentsAtOnce, call?.signal, async (index, signal) => {
    const target = plan.track(index);
    const start = index * plan.size;
    const part = { source, start, length: Math.min(plan.size, plan.total - start) };
    const attempt = () => putStream(store, { target, path: place.path }, part, segmentHeaders, { signal });
    plan.segments[index] = {
      target,
      ...(await withRetries(store.settings, store.report, place.path, attempt, signal)),
    };
  });
}

/** One after the other: a pipe gives its bytes once. */
async function putStreamParts(
  store: Store,
  place: Place,
  source: Source,
  plan: { size: number; capabilities: Capabilities; track(index: number): Target; segments: Segment[] },
  call: Call | undefined,
): Promise<void> {
  for await (const part of cutStream(source.open(), plan.size)) {
    const index = plan.segments.length;
    if (plan.capabilities.hasStaticLargeObjects && index >= plan.capabilities.mostSegments) {
      throw new Failure(
        'too-large',
        `${place.path}: over ${index} segments of ${plan.size} bytes: set chunk_size higher`,
        {
          path: place.path,
        },
      );
    }
    const target = plan.track(index);
    const stored = await putStream(
      store,
      { target, path: place.path },
      { source: part, length: null },
      segmentHeaders,
      call,
    );
    plan.segments.push({ target, ...stored });
  }
  const total = plan.segments.reduce((sum, segment) => sum + segment.size, 0);
  if (source.size !== null && total !== source.size) {
    const message = `${place.path}: the source gave ${total} bytes where ${source.size} were announced`;
    throw new Failure('changed', message, { path: place.path });
  }
}

const segmentHeaders: Headers = { 'content-type': 'application/octet-stream' };

/** chunk_size, or more where the manifest would otherwise hold too many. */
function segmentSize({ options }: Store, { path }: Place, total: number | null, capabilities: Capabilities): number {
  const { mostSegments, largestObject, hasStaticLargeObjects } = capabilities;
  const least = total === null || !hasStaticLargeObjects ? 0 : Math.ceil(total / mostSegments / mebibyte) * mebibyte;
  const size =
    total !== null && total <= options.chunk_size * mostSegments
      ? options.chunk_size
      : Math.max(options.chunk_size, least);
  if (size <= largestObject) return size;
  throw new Failure('too-large', `${path}: segments of ${size} bytes are needed, the store takes ${largestObject}`, {
    path,
  });
}

// In steps of a microsecond: two uploads of one file never share a folder.
export function nowInNanoseconds(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
