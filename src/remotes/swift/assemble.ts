import type { Call } from '../../core/remote.ts';
import { deleteOne } from './delete-all.ts';
import { type Manifest, putManifest, requireManifest, type Segment } from './manifest.ts';
import { type Headers, lookUp } from './object.ts';
import type { Place } from './put.ts';
import { segmentTarget } from './segment-names.ts';
import { removeAttempted, segmentsOf } from './segments.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

/** Makes a large object: `upload` puts the segments where `place` tells it, then the manifest makes one object of them.
 *  Until then the old object stands. A failure takes the new segments away again. Resolves to the size in bytes. */
export async function assemble(
  store: Store,
  place: Place,
  folder: Target,
  headers: Headers,
  upload: (place: (index: number) => Target) => Promise<readonly Segment[]>,
  call?: Call,
): Promise<number> {
  const capabilities = await store.capabilities(call?.signal);
  await store.containers.require(folder.container, call?.signal);
  const attempted: Target[] = [];
  let manifest: Manifest | null = null;
  let isTaken = false;
  try {
    const segments = await upload((index) => {
      const target = segmentTarget(folder, index);
      attempted.push(target);
      return target;
    });
    const total = segments.reduce((sum, segment) => sum + segment.size, 0);
    manifest = { folder, segments, total, capabilities, headers };
    const isProven = await putManifest(store, place, manifest, call);
    isTaken = true;
    if (!isProven) await requireManifest(store, place, manifest, call);
    return total;
  } catch (error) {
    const outcome = manifest ? await outcomeOf(store, place, manifest, isTaken) : 'absent';
    if (manifest && outcome === 'stands') return manifest.total;
    if (outcome === 'unknown') store.report.notice(place.path, 'nobody knows whether it was stored: its segments stay');
    else if (!store.options.leave_parts_on_error) await removeAttempted(store, place, folder, attempted);
    throw error;
  }
}

/** Whether a manifest came through whose answer was lost: with it standing, its segments must stay. One that stands without
 *  all of its bytes is removed. Where the store has taken it, and shows another object, one of both is not true. */
async function outcomeOf(
  store: Store,
  place: Place,
  manifest: Manifest,
  isTaken: boolean,
): Promise<'stands' | 'absent' | 'unknown'> {
  const { target, path } = place;
  const { container, name } = manifest.folder;
  try {
    const info = await lookUp(store, target, path);
    const segments = info ? await segmentsOf(store, place, info) : [];
    const isOurs = segments?.some(
      (found) => found.target.container === container && found.target.name.startsWith(`${name}/`),
    );
    if (!isOurs) return isTaken ? 'unknown' : 'absent';
    if (info?.size === manifest.total) return 'stands';
    await deleteOne(store, target, path);
    return 'absent';
  } catch {
    return 'unknown';
  }
}
