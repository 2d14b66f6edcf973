import { unlessAbsent } from '../../../core/failure.ts';
import type { Task } from '../api.ts';
import { type Place, placeOf, type Store, type Target } from '../store.ts';
import { listVersions } from './listing.ts';
import type { View } from './shown.ts';

/** A version of an object. */
interface Sought {
  readonly target: Target;
  readonly view: View;
  /** The key that the view shows it by. */
  readonly shownKey: string;
}

/** Null where there is none. */
export function lookUp(
  store: Store,
  sought: Sought,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Place | null> {
  return unlessAbsent(search(store, sought, { doing: 'look up', path, signal }));
}

const pageSize = 100;

async function search(store: Store, { target: { bucket, key }, view, shownKey }: Sought, task: Task) {
  for await (const { objects } of listVersions(store, { bucket, key, isFlat: false, pageSize }, task)) {
    const found = view(objects).find((shown) => shown.key === shownKey);
    if (found) return placeOf(bucket, found.version);
    // Of all keys that begin like it, it comes first.
    if (objects.some((version) => version.key !== key)) break;
  }
  return null;
}
