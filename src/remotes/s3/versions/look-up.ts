import { unlessAbsent } from '../../../core/failure.ts';
import type { Task } from '../api.ts';
import { type Place, placeOf, type Store, type Target } from '../store.ts';
import { listVersions } from './listing.ts';
import type { View } from './shown.ts';

/** The version of the object at `target` that is shown by the key `shownKey`; null where there is none. */
export function lookUp(
  store: Store,
  target: Target,
  view: View,
  shownKey: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Place | null> {
  return unlessAbsent(search(store, target, view, shownKey, { doing: 'look up', path, signal }));
}

const pageSize = 100;

async function search(store: Store, { bucket, key }: Target, view: View, shownKey: string, task: Task) {
  for await (const { objects } of listVersions(store, { bucket, key, isFlat: false, pageSize }, task)) {
    const found = view(objects).find((shown) => shown.key === shownKey);
    if (found) return placeOf(bucket, found.version);
    // Of all keys that begin like it, it comes first.
    if (objects.some((version) => version.key !== key)) break;
  }
  return null;
}
