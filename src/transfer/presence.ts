import { Failure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { isTop, placeName } from './place.ts';
import type { Session } from './session.ts';

/** Throws Failure('folder-not-found') where nothing stands at `at` and nothing could: on a store whose folders are only
 *  prefixes a mistyped path lists as empty, and a sync from it would delete all there is at the other end. `consequence`
 *  is what the message says of that. */
export async function requirePresent(session: Session, at: Location, consequence: string): Promise<void> {
  if (await mayStand(session, at)) return;
  const message = `${placeName(at)}: directory not found: nothing is there, so ${consequence}`;
  throw new Failure('folder-not-found', message, { path: at.path });
}

/** Whether something is at `at`, or a folder could be there without anything in it. Throws as `holdsAnything`. */
export async function mayStand(session: Session, at: Location): Promise<boolean> {
  return at.remote.features.emptyFolders || isTop(at) || holdsAnything(session, at);
}

/** Throws what a listing throws: where the store knows that there is no such folder, Failure('folder-not-found'). */
export async function holdsAnything({ signal }: Session, at: Location): Promise<boolean> {
  for await (const page of at.remote.list(at.path, { signal })) if (page.length > 0) return true;
  return false;
}
