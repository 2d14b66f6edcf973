import { Failure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { placeName } from './place.ts';
import type { Session } from './session.ts';

/** Throws Failure('folder-not-found') where nothing stands at `at` and nothing could: on a store whose folders are only
 *  prefixes a mistyped path lists as empty, and a sync from it would delete all there is at the other end. */
export async function requirePresent(session: Session, at: Location): Promise<void> {
  const { emptyFolders, buckets } = at.remote.features;
  const isRoot = at.path === '' || (buckets && !at.path.includes('/'));
  if (emptyFolders || isRoot) return;
  for await (const page of at.remote.list(at.path, { signal: session.signal })) if (page.length > 0) return;
  const advice = 'nothing is there, so nothing was deleted';
  throw new Failure('folder-not-found', `${placeName(at)}: directory not found: ${advice}`, { path: at.path });
}
