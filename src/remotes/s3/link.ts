import type { Call } from '../../core/remote.ts';
import { headObject } from './object.ts';
import { existingFile, type Place, type Store } from './store.ts';

// Milliseconds. Signatures hold no longer.
const longestLife = 7 * 24 * 60 * 60 * 1000;

/** An address from which whoever has it can read a file for so many milliseconds, a week at most. Throws Failure('not-found'). */
export async function linkFile(
  store: Store,
  path: string,
  life: number,
  call: Call | undefined,
  place: Place = existingFile(store, path),
): Promise<string> {
  await headObject(store, place, path, call?.signal);
  if (life > longestLife) store.report.notice(path, 'Public Link: Reducing expiry to 1w, the max time allowed');
  const seconds = Math.floor(Math.min(life, longestLife) / 1000);
  return store.api.readingAddress(place, Math.max(1, seconds));
}
