import { throwIfCancelled } from '../core/cancel.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { isInside, joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { type Backup, createFileBackup, createTreeBackup } from './backup.ts';
import { withoutCollisions } from './collisions.ts';
import { commonHash } from './compare.ts';
import { withinDuration } from './deadline.ts';
import { deleteBefore } from './delete-before.ts';
import { createDeletions } from './deletions.ts';
import { march, type Pair } from './march.ts';
import { createOrderedQueue } from './ordered-queue.ts';
import { placeName } from './place.ts';
import { isUnchanged, planFile } from './plan-file.ts';
import { createLimit, createPool } from './pool.ts';
import { requirePresent } from './presence.ts';
import { countError, mayChange, type Session } from './session.ts';
import type { Transfer, TransferMode, TransferQueue } from './transfer.ts';
import { statAt } from './walk.ts';

/** Other places that a transfer works with. */
export interface TransferPlaces {
  /** Of `--backup-dir`; null without it. */
  readonly backupDir: Location | null;
}

const noPlaces: TransferPlaces = { backupDir: null };

/** Files that may wait for their turn, so that the totals are known early: rclone's --max-backlog. */
const backlog = 10_000;

/** Makes `to` hold what `from` holds. Errors of single files are counted in the session and the rest goes on;
 *  deletions wait until every copy has succeeded. */
export async function transferTree(
  session: Session,
  from: Location,
  to: Location,
  mode: TransferMode,
  { backupDir } = noPlaces,
): Promise<void> {
  if (isSamePlace(session, from, to, mode)) return;
  if (mode === 'move' && (await movedWhole(session, from, to))) return;
  const backup = keepsBackups(session, backupDir) ? createTreeBackup(session, from, to, backupDir) : null;
  await withinDuration(withoutContradictions(session, mode), async (limited) => {
    if (mode !== 'sync' || limited.options.deleteMode !== 'before') return transferAll(limited, from, to, mode, backup);
    if (await deleteBefore(limited, from, to, backup)) await transferAll(limited, from, to, 'copy', backup);
  });
}

/** The session without what a sync cannot heed. Throws Failure('usage') for flags that exclude each other. */
function withoutContradictions(session: Session, mode: TransferMode): Session {
  const { options, report, filter } = session;
  if (options.noCheckDest && mode === 'sync')
    throw new Failure('usage', "can't use --no-check-dest with sync: use copy instead");
  if (options.noCheckDest && options.immutable)
    throw new Failure('usage', "can't use --no-check-dest with --immutable");
  const noTraverse = options.noTraverse && !options.noCheckDest && mode !== 'sync';
  if (mode === 'sync' && options.noTraverse && !filter.files) report.error('', 'Ignoring --no-traverse with sync');
  return { ...session, options: { ...options, noTraverse } };
}

async function transferAll(
  session: Session,
  from: Location,
  to: Location,
  mode: TransferMode,
  backup: Backup | null,
): Promise<void> {
  if (session.options.checksum) noteMissingHash(session, from, to);
  const queue = createQueue(session, from);
  const transfer: Transfer = { session, from, to, mode, queue, backup };
  // Several folders are looked at at once, and share the checkers.
  const checkers = createLimit(session.options.checkers);
  const targetOnly = createDeletions(session, to, backup);
  const emptied = createDeletions(session, from);
  const deletesDuring = mode === 'sync' && session.options.deleteMode === 'during';
  let isSourceEmpty = true;
  await march(
    session,
    from,
    to,
    async (pairs, dir) => {
      const wanted = await withoutCollisions(session, to, pairs, dir);
      const unsettled = mode === 'move' ? wanted : wanted.filter((pair) => !isUnchanged(transfer, pair));
      await forEachParallel(unsettled, session.options.checkers, session.signal, ({ path, source, target }) =>
        checkers(async () => {
          if (source?.kind === 'file') await planFile(transfer, { path, source, target }, source);
          else if (source) await planFolder(session, to, { path, source, target });
        }),
      );
      for (const { source, target } of pairs) {
        if (source) isSourceEmpty = false;
        if (target && !source) targetOnly.add(target);
        if (source?.kind === 'folder') emptied.add(source);
      }
      if (!deletesDuring) return;
      if (dir === '' && isSourceEmpty) await requirePresent(session, from, 'nothing was deleted');
      await targetOnly.runFiles();
    },
    { targetOnly: mode === 'sync' },
  ).finally(() => queue.drain());
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
  const { transfers, checkFirst, orderBy } = session.options;
  if (!checkFirst && orderBy === '') return createPool(transfers, backlog);
  if (checkFirst) session.report.info('', 'Running all checks before starting transfers');
  return createOrderedQueue(session, from, backlog);
}

/** Copies or moves the one file `file` of `from` to `path` below `to`, unless it is there already. */
export async function transferFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  mode: 'copy' | 'move',
  { backupDir } = noPlaces,
): Promise<void> {
  if (from.remote === to.remote && joinPath(from.path, file.path) === joinPath(to.path, path)) {
    session.report.debug(file.path, "don't need to copy/move, it is already at target location");
    return;
  }
  const backup = keepsBackups(session, backupDir) ? createFileBackup(session, from, to, backupDir) : null;
  const target = session.options.noCheckDest ? null : await statAt(session, to, path);
  const queue = createPool(1);
  await planFile({ session, from, to, mode, queue, backup }, { path, source: file, target }, file);
  await queue.drain();
  session.cutoff?.throwIfReached();
}

function keepsBackups({ options }: Session, backupDir: Location | null): boolean {
  return backupDir !== null || options.suffix !== '';
}

function isSamePlace(session: Session, from: Location, to: Location, mode: TransferMode): boolean {
  if (from.remote !== to.remote || !(isInside(from.path, to.path) || isInside(to.path, from.path))) return false;
  if (from.path === to.path) {
    session.report.notice('', 'Nothing to do as source and destination are the same');
    return true;
  }
  if (mode === 'copy') return false;
  throw new Failure(
    'fatal',
    `can't ${mode} files on overlapping remotes: give folders of which none is inside the other`,
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

async function planFolder(session: Session, to: Location, pair: Pair): Promise<void> {
  if (!session.options.createEmptyFolders || pair.target || !to.remote.features.emptyFolders) return;
  try {
    if (await mayChange(session, 'make directory', pair.path)) await to.remote.makeDir(joinPath(to.path, pair.path));
  } catch (error) {
    countError(session, pair.path, 'Failed to make directory', error);
  }
}
