import { throwIfCancelled } from '../core/cancel.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { createFileBackup, createTreeBackup } from './backup.ts';
import { withoutCollisions } from './collisions.ts';
import { commonHash } from './compare.ts';
import { withoutContradictions } from './contradictions.ts';
import type { Route } from './copy-file.ts';
import { withinDuration } from './deadline.ts';
import { deleteBefore } from './delete-before.ts';
import { createDeletions } from './deletions.ts';
import { createElsewhere } from './elsewhere.ts';
import { march } from './march.ts';
import { createOrderedQueue } from './ordered-queue.ts';
import { areSame, overlap } from './overlap.ts';
import { placeName } from './place.ts';
import { isUnchanged, planFile, planNew } from './plan-file.ts';
import { createLimit, createPool } from './pool.ts';
import { requirePresent } from './presence.ts';
import { createRenames } from './renames.ts';
import { countError, mayChange, type Session } from './session.ts';
import type { Transfer, TransferMode, TransferQueue } from './transfer.ts';
import { statAt } from './walk.ts';

/** Other places that a transfer works with. */
export interface TransferPlaces {
  /** Of `--backup-dir`; null without it. */
  readonly backupDir: Location | null;
  /** Of `--compare-dest`: what stands in one of them is not copied. */
  readonly compareDest: readonly Location[];
  /** Of `--copy-dest`: what stands in one of them is copied from there. */
  readonly copyDest: readonly Location[];
}

/** Makes `to` hold what `from` holds. Errors of single files are counted in the session and the rest goes on;
 *  deletions wait until every copy has succeeded, unless `--delete-before` or `--delete-during` asks otherwise. */
export async function transferTree(
  session: Session,
  from: Location,
  to: Location,
  mode: TransferMode,
  { backupDir = null, compareDest = [], copyDest = [] }: Partial<TransferPlaces> = {},
): Promise<void> {
  if (isSamePlace(session, from, to, mode)) return;
  if (mode === 'move' && (await movedWhole(session, from, to))) return;
  const settled = withoutContradictions(session, from, to, mode);
  const backup = keepsBackups(session, backupDir) ? createTreeBackup(session, from, to, backupDir) : null;
  const elsewhere = createElsewhere(to, compareDest, copyDest);
  await withinDuration(settled, async (limited) => {
    const journey = { session: limited, from, to, mode, backup, elsewhere };
    if (mode !== 'sync' || limited.options.deleteMode !== 'before') return transferAll(journey);
    if (await deleteBefore(limited, from, to, backup)) await transferAll({ ...journey, mode: 'copy' });
  });
}

async function transferAll(planned: Omit<Transfer, 'queue'>): Promise<void> {
  const { session, from, to, mode, backup, elsewhere } = planned;
  if (session.options.checksum) noteMissingHash(session, from, to);
  const queue = createQueue(session, from);
  const transfer: Transfer = { ...planned, queue };
  // Several folders are looked at at once, and share the checkers.
  const checkers = createLimit(session.options.checkers);
  const targetOnly = createDeletions(session, to, backup);
  const emptied = createDeletions(session, from);
  const { trackRenames } = session.options;
  const renames = trackRenames && createRenames(transfer, trackRenames, targetOnly);
  const deletesDuring = mode === 'sync' && session.options.deleteMode === 'during';
  const makesFolders = session.options.createEmptyFolders && to.remote.features.emptyFolders;
  const missing: string[] = [];
  let isSourceEmpty = true;
  const marched = march(
    session,
    from,
    to,
    async (pairs, dir) => {
      const wanted = await withoutCollisions(session, to, pairs, dir);
      const unsettled = mode === 'move' ? wanted : wanted.filter((pair) => !isUnchanged(transfer, pair));
      await forEachParallel(unsettled, session.options.checkers, session.signal, (pair) => {
        const { path, source, target } = pair;
        if (source?.kind === 'file') {
          if (!target && renames) return renames.hold(pair, source);
          return target || elsewhere
            ? checkers(() => planFile(transfer, pair, source))
            : planNew(transfer, pair, source);
        }
        if (source && !target && makesFolders) missing.push(path);
      });
      for (const { source, target } of pairs) {
        if (source) isSourceEmpty = false;
        if (target && !source) targetOnly.add(target);
        if (source?.kind === 'folder') emptied.add(source);
      }
      if (!deletesDuring) return;
      if (dir === '' && isSourceEmpty) await requirePresent(session, from, 'nothing was deleted');
      await targetOnly.runFiles();
    },
    { targetOnly: mode === 'sync', mayProbe: true },
  );
  await marched
    .then(() => renames?.run())
    .then(() => makeMissing(session, to, missing))
    .finally(() => queue.drain());
  throwIfCancelled(session.signal);
  session.cutoff?.throwIfReached();
  if (session.progress.totalTransfers === 0) session.report.info('', 'There was nothing to transfer');
  if (mode === 'sync') {
    if (isSourceEmpty) await requirePresent(session, from, 'nothing was deleted');
    await targetOnly.run();
  }
  if (mode === 'move' && session.options.deleteEmptySourceFolders) await emptied.run();
}

function createQueue(session: Session, from: Location): TransferQueue {
  const { transfers, maxBacklog, checkFirst, orderBy } = session.options;
  if (!checkFirst && orderBy === '') return createPool(transfers, maxBacklog);
  if (checkFirst) session.report.info('', 'Running all checks before starting transfers');
  return createOrderedQueue(session, from);
}

/** Copies or moves one file, unless it is there already. */
export async function transferFile(
  session: Session,
  { from, file, to, path }: Route,
  mode: 'copy' | 'move',
  { backupDir = null, compareDest = [], copyDest = [] }: Partial<TransferPlaces> = {},
): Promise<void> {
  if (from.remote === to.remote && joinPath(from.path, file.path) === joinPath(to.path, path)) {
    session.report.debug(file.path, "don't need to copy/move, it is already at target location");
    return;
  }
  const backup = keepsBackups(session, backupDir) ? createFileBackup(session, from, to, backupDir) : null;
  const elsewhere = createElsewhere(to, compareDest, copyDest);
  const target = session.options.noCheckDest ? null : await statAt(session, to, path);
  const queue = createPool(1);
  await planFile({ session, from, to, mode, queue, backup, elsewhere }, { path, source: file, target }, file);
  await queue.drain();
  session.cutoff?.throwIfReached();
}

function keepsBackups({ options }: Session, backupDir: Location | null): boolean {
  return backupDir !== null || options.suffix !== '';
}

function isSamePlace(session: Session, from: Location, to: Location, mode: TransferMode): boolean {
  if (mode !== 'sync' && areSame(from, to)) {
    session.report.notice('', 'Nothing to do as source and destination are the same');
    return true;
  }
  if (mode === 'copy' || !overlap(session, to, from)) return false;
  throw new Failure(
    'fatal',
    `can't ${mode} files on overlapping remotes: exclude the destination with a filter rule, or give other folders`,
  );
}

/** Whether the folder was renamed to where nothing stood, on the store's own side: no file needs to be looked at. */
async function movedWhole(session: Session, from: Location, to: Location): Promise<boolean> {
  const { filter, report, progress } = session;
  if (from.remote !== to.remote || !from.remote.moveDir || !filter.isInactive) return false;
  if (!(await mayChange(session, 'server-side directory move', placeName(to)))) return true;
  try {
    await from.remote.moveDir(from.path, to.path, { signal: session.signal });
  } catch (error) {
    if (isFailure(error, 'exists', 'unsupported')) return false;
    throw error;
  }
  progress.renames++;
  report.info('', 'Server side directory move succeeded');
  return true;
}

function noteMissingHash({ report }: Session, from: Location, to: Location): void {
  if (commonHash(from, to) !== null) return;
  const state = '--checksum is in use but the source and destination have no hashes in common';
  report.notice('', `${state}; falling back to --size-only`);
}

/** Once all is listed: a tree that is copied into itself would never end otherwise. */
async function makeMissing(session: Session, to: Location, folders: readonly string[]): Promise<void> {
  await forEachParallel(folders, session.options.checkers, session.signal, async (path) => {
    try {
      if (await mayChange(session, 'make directory', path)) await to.remote.makeDir(joinPath(to.path, path));
    } catch (error) {
      countError(session, path, 'Failed to make directory', error);
    }
  });
}
