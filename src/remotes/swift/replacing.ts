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

/** What may stand where something is put. */
export interface Replaced {
  /** Nothing does that may have segments. */
  readonly isNew?: boolean | undefined;
  /** The tag of the only object that may be replaced. */
  readonly replaces?: string | undefined;
}

/** Runs `put`, which stores an object in one piece, then removes the segments of the large object that stood there. */
export function replacing<T>(
  store: Store,
  place: Place,
  { isNew, replaces }: Replaced,
  call: Call | undefined,
  put: () => Promise<T>,
): Promise<T> {
  const mayHaveSegments = !isNew && !store.options.no_large_objects;
  return mayHaveSegments || replaces !== undefined ? replace(store, place, replaces, call, put) : put();
}

async function replace<T>(
  store: Store,
  place: Place,
  replaces: string | undefined,
  call: Call | undefined,
  put: () => Promise<T>,
): Promise<T> {
  const { info, segments } = await lookUpReplaced(store, place, call);
  requireTag(info?.etag, replaces, place.path);
  const stored = await put();
  await removeSegments(store, place, segments);
  return stored;
}
