import { Failure } from '../../core/failure.ts';
import { pause } from '../../core/pause.ts';
import type { Call } from '../../core/remote.ts';
import { retryDelay } from '../http/retry.ts';
import { requireTag } from '../http/tag.ts';
import { deleteOne } from './delete-all.ts';
import { type Making, type Manifest, putManifest, type Segment, stands } from './manifest.ts';
import { lookUp } from './object.ts';
import type { Place } from './put.ts';
import { lookUpReplaced } from './replacing.ts';
import { segmentTarget } from './segment-names.ts';
import { removeAttempted, removeSegments, segmentsOf, without } from './segments.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

/** Makes a large object: `upload` puts the segments where `place` tells it, then the manifest makes one object of them.
 *  Until then the old object stands, and then its own segments go. A failure takes the new ones away again. Resolves to the
 *  size in bytes. */
export async function assemble(
  store: Store,
  place: Place,
  making: Making,
  upload: (place: (index: number) => Target) => Promise<readonly Segment[]>,
  call?: Call,
): Promise<number> {
  const { folder } = making;
  const capabilities = await store.capabilities(call?.signal);
  await store.containers.require(folder.container, call?.signal);
  const attempted: Target[] = [];
  const progress: Progress = { isTaken: false, orphans: [] };
  let manifest: Manifest | null = null;
  try {
    const segments = await upload((index) => {
      const target = segmentTarget(folder, index);
      attempted.push(target);
      return target;
    });
    const total = segments.reduce((sum, segment) => sum + segment.size, 0);
    manifest = { ...making, segments, total, capabilities };
    await putInPlace(store, place, manifest, progress, call);
  } catch (error) {
    const outcome = manifest ? await outcomeOf(store, place, manifest, progress.isTaken) : 'absent';
    if (outcome === 'unknown')
      store.report.notice(place.path, 'it is not known whether it was stored: its segments stay');
    else if (outcome === 'absent' && !store.options.leave_parts_on_error)
      await removeAttempted(store, place, folder, attempted);
    if (!manifest || outcome !== 'stands') throw error;
  }
  await removeSegments(store, place, progress.orphans);
  return manifest.total;
}

/** What is known of an object that is being put in place. */
interface Progress {
  /** Whether the store has said that it took the manifest. */
  isTaken: boolean;
  /** Segments that are of no use when it has: those of what stood there, and ours where another object stands there since. */
  orphans: readonly Target[];
}

/** Puts the manifest, and puts it again where it came too late: its segments are all there, and nobody else has seen them. */
async function putInPlace(
  store: Store,
  place: Place,
  manifest: Manifest,
  progress: Progress,
  call: Call | undefined,
): Promise<void> {
  const { settings, report } = store;
  const { path } = place;
  for (let tries = 1; ; tries++) {
    const old = await lookUpReplaced(store, place, call);
    requireTag(old.info?.etag, manifest.replaces, path);
    progress.orphans = without(old.segments, manifest.segments);
    const answered = await putManifest(store, place, manifest, call);
    if (answered !== 'overtaken') {
      progress.isTaken = true;
      if (answered === 'proven' || (await stands(store, place, manifest, old.info, call))) return;
      progress.orphans = [...progress.orphans, ...manifest.segments.map(({ target }) => target)];
      return;
    }
    const overtaken = new Failure('transient', `${path}: others store it at the same time`, { path });
    if (tries >= settings.lowLevelRetries) throw overtaken;
    report.debug(path, `try ${tries} of ${settings.lowLevelRetries}: ${overtaken.message}`);
    await pause(retryDelay(overtaken, tries) ?? 0, call?.signal);
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
