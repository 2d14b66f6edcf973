import { type Place, placeOf, type Target } from '../store.ts';
import type { Shown } from './shown.ts';

/** Where what was listed lately stands, which saves looking it up again. */
export interface KnownPlaces {
  add(bucket: string, shown: readonly Shown[]): void;
  /** By the key that it was shown by. */
  get(target: Target): Place | undefined;
  /** What stands there now may be another version. */
  forget(target: Target): void;
}

const mostKnown = 100_000;

export function createKnownPlaces(most = mostKnown): KnownPlaces {
  // In the order in which they came.
  const places = new Map<string, Place>();
  return {
    add(bucket, shown) {
      for (const { key, version } of shown) {
        const name = nameOf({ bucket, key });
        places.delete(name);
        places.set(name, placeOf(bucket, version));
        if (places.size <= most) continue;
        for (const oldest of places.keys()) {
          places.delete(oldest);
          break;
        }
      }
    },
    get: (target) => places.get(nameOf(target)),
    forget: (target) => void places.delete(nameOf(target)),
  };
}

function nameOf({ bucket, key }: Target): string {
  return `${bucket}/${key}`;
}
