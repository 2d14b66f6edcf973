import { throwIfCancelled } from '../core/cancel.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { isInside, joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { withoutCollisions } from './collisions.ts';
import { alike, areAlike, commonHash, compareFiles } from './compare.ts';
import { copyFile } from './copy-file.ts';
import { createDeletions, deleteFile } from './deletions.ts';
import { march, type Pair } from './march.ts';
import { placeName } from './place.ts';
import { createLimit, createPool, type Pool } from './pool.ts';
import { requirePresent } from './presence.ts';
import { countError, mayChange, type Session } from './session.ts';
import { statAt } from './walk.ts';

/** `move` takes away from the source what arrived; `sync` deletes on the target what the source has not. */
export type TransferMode = 'copy' | 'sync' | 'move';

/** Files that may wait for their turn, so that the totals are known early: rclone's --max-backlog. */
const backlog = 10_000;

/** Makes `to` hold what `from` holds. Errors of single files are counted in the session and the rest goes on;
 *  deletions wait until every copy has succeeded. */
export async function transferTree(session: Session, from: Location, to: Location, mode: TransferMode): Promise<void> {
  if (isSamePlace(session, from, to, mode)) return;
  if (mode === 'move' && (await movedWhole(session, from, to))) return;
  if (session.options.checksum) noteMissingHash(session, from, to);
  const pool = createPool(session.options.transfers, backlog);
  // Several folders are looked at at once, and share the checkers.
  const checkers = createLimit(session.options.checkers);
  const targetOnly = createDeletions(session, to);
  const emptied = createDeletions(session, from);
  let isSourceEmpty = true;
  await march(
    session,
    from,
    to,
    async (pairs, dir) => {
      const wanted = await withoutCollisions(session, to, pairs, dir);
      const unsettled = mode === 'move' ? wanted : wanted.filter((pair) => !isUnchanged(session, from, to, pair));
      await forEachParallel(unsettled, session.options.checkers, session.signal, ({ path, source, target }) =>
        checkers(async () => {
          if (source?.kind === 'file') await planFile(session, from, to, { path, source, target }, source, pool, mode);
          else if (source) await planFolder(session, to, { path, source, target });
        }),
      );
      for (const { source, target } of pairs) {
        if (source) isSourceEmpty = false;
        if (target && !source) targetOnly.add(target);
        if (source?.kind === 'folder') emptied.add(source);
      }
    },
    { targetOnly: mode === 'sync' },
  ).finally(() => pool.drain());
  throwIfCancelled(session.signal);
  if (session.progress.totalTransfers === 0) session.report.info('', 'There was nothing to transfer');
  if (mode === 'sync') {
    if (isSourceEmpty) await requirePresent(session, from, 'nothing was deleted');
    await targetOnly.run();
  }
  if (mode === 'move' && session.options.deleteEmptySourceFolders) await emptied.run();
}

/** Copies or moves the one file `file` of `from` to `path` below `to`, unless it is there already. */
export async function transferFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  mode: 'copy' | 'move',
): Promise<void> {
  if (from.remote === to.remote && joinPath(from.path, file.path) === joinPath(to.path, path)) {
    session.report.debug(file.path, "don't need to copy/move, it is already at target location");
    return;
  }
  const target = await statAt(session, to, path);
  const pool = createPool(1);
  await planFile(session, from, to, { path, source: file, target }, file, pool, mode);
  await pool.drain();
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

/** Counts and tells of a file that the listings alone show to be unchanged; false where more has to be found out. */
function isUnchanged(session: Session, from: Location, to: Location, { path, source, target }: Pair): boolean {
  if (source?.kind !== 'file' || target?.kind !== 'file' || !areAlike(session, { from, source, to, target }))
    return false;
  session.progress.totalChecks++;
  session.progress.checks++;
  session.report.debug(path, alike.why);
  session.report.debug(path, 'Unchanged skipping');
  return true;
}

async function planFile(
  session: Session,
  from: Location,
  to: Location,
  pair: Pair,
  file: FileEntry,
  pool: Pool,
  mode: TransferMode,
): Promise<void> {
  throwIfCancelled(session.signal);
  const { report, progress, options } = session;
  const { path, target } = pair;
  const existing = target?.kind === 'file' ? target : null;
  try {
    if (existing) {
      const verdict = await check(session, path, () =>
        compareFiles(session, { from, source: file, to, target: existing }),
      );
      report.debug(path, verdict.why);
      if (verdict.act !== 'keep' && options.immutable) {
        throw new Failure('exists', 'source and destination exist but do not match: immutable file modified', { path });
      }
      if (verdict.act === 'set-time' && (await mayChange(session, 'update modification time', path))) {
        await to.remote.setModified?.(joinPath(to.path, path), verdict.modified, { signal: session.signal });
        report.info(path, 'Updated modification time in destination');
      }
      if (verdict.act !== 'transfer') {
        report.debug(path, 'Unchanged skipping');
        if (mode === 'move' && !options.ignoreExisting) await deleteFile(session, from, file.path, file);
        return;
      }
    }
    progress.totalTransfers++;
    progress.totalBytes += Math.max(0, file.size);
    await pool.add(() => carry(session, from, file, to, pair, mode));
  } catch (error) {
    countError(session, path, 'Failed to check', error);
  }
}

async function check<T>(session: Session, path: string, work: () => Promise<T>): Promise<T> {
  const { progress } = session;
  progress.totalChecks++;
  progress.checking.add(path);
  try {
    return await work();
  } finally {
    progress.checks++;
    progress.checking.delete(path);
  }
}

async function carry(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  pair: Pair,
  mode: TransferMode,
): Promise<void> {
  const { report } = session;
  const verb = mode === 'move' ? 'move' : 'copy';
  try {
    throwIfCancelled(session.signal);
    if (!(await mayChange(session, verb, pair.path, file.size))) return countSkipped(session, file);
    if (mode === 'move' && (await movedInPlace(session, from, file, to, pair))) return;
    // An old file of another size or time may have been filtered out.
    const isNew = pair.target === null && session.filter.looksAtNamesOnly;
    await copyFile(session, from, file, to, pair.path, { isNew });
    report.info(pair.path, pair.target ? 'Copied (replaced existing)' : 'Copied (new)');
    if (mode === 'move') await removeMoved(session, from, file);
  } catch (error) {
    countError(session, pair.path, `Failed to ${verb}`, error);
  }
}

/** A trial run counts what it would have done; what the user refused was never wanted. */
function countSkipped({ options, progress }: Session, file: FileEntry): void {
  const size = Math.max(0, file.size);
  if (options.dryRun) {
    progress.transfers++;
    progress.bytes += size;
  } else {
    progress.totalTransfers--;
    progress.totalBytes -= size;
  }
}

async function movedInPlace(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  pair: Pair,
): Promise<boolean> {
  if (from.remote !== to.remote || !to.remote.move) return false;
  try {
    await to.remote.move(joinPath(from.path, file.path), joinPath(to.path, pair.path), { signal: session.signal });
  } catch (error) {
    if (isFailure(error, 'unsupported')) return false;
    throw error;
  }
  session.progress.renames++;
  session.progress.totalTransfers--;
  session.progress.totalBytes -= Math.max(0, file.size);
  session.report.info(file.path, `Moved (server-side) to: ${pair.path}`);
  return true;
}

async function removeMoved(session: Session, from: Location, file: FileEntry): Promise<void> {
  await from.remote.remove(joinPath(from.path, file.path), { signal: session.signal });
  session.report.info(file.path, 'Deleted');
}
