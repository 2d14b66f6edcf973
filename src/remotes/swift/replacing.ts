import type { Call } from '../../core/remote.ts';
import { requireTag } from '../http/tag.ts';
import { lookUpOld, type ObjectInfo } from './object.ts';
import type { Place } from './put.ts';
import { ownSegments, removeSegments } from './segments.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

/** What stands where something is about to be put. */
export interface Old {
  /** Null where nothing does, and where we may write and not look. */
  readonly info: ObjectInfo | null;
  /** Segments that are of no use without it. */
  readonly segments: readonly Target[];
}

/** Looked up just before it is replaced: what others put there meanwhile would leave its segments behind. */
export async function lookUpReplaced(store: Store, place: Place, call?: Call): Promise<Old> {
  const info = await lookUpOld(store, place.target, place.path, call);
  return { info, segments: info && !store.options.no_large_objects ? await ownSegments(store, place, info, call) : [] };
}

/** Runs `put`, which stores an object in one piece, then removes the segments of the large object that stood there.
 *  `replaces` is the tag of the only object that it may replace. */
export async function replacing<T>(
  store: Store,
  place: Place,
  put: () => Promise<T>,
  replaces: string | undefined,
  call: Call | undefined,
): Promise<T> {
  if (store.options.no_large_objects && replaces === undefined) return put();
  const { info, segments } = await lookUpReplaced(store, place, call);
  requireTag(info?.etag, replaces, place.path);
  const stored = await put();
  await removeSegments(store, place, segments);
  return stored;
}
