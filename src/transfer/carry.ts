import { throwIfCancelled } from '../core/cancel.ts';
import type { FileEntry } from '../core/entry.ts';
import { messageOf } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import { copyFile } from './copy-file.ts';
import { countDeletion } from './deletions.ts';
import type { Pair } from './merge.ts';
import { moveInStore } from './move-in-store.ts';
import { toPath } from './place.ts';
import { dropTransfer } from './progress.ts';
import { countError, mayChange, type Session, throwIfFinal } from './session.ts';
import type { Transfer, Twin } from './transfer.ts';
import { statAt } from './walk.ts';

/** Copies or moves one file to where it belongs, or its twin in its stead if that can be had. A failure is counted. */
export async function carry(transfer: Transfer, pair: Pair, file: FileEntry, twin: Twin | null): Promise<void> {
  const { session, from, to, mode, backup } = transfer;
  const { report, cutoff } = session;
  const { path } = pair;
  const verb = mode === 'move' ? 'move' : 'copy';
  let putBack: (() => Promise<void>) | null = null;
  try {
    throwIfCancelled(session.signal);
    if (cutoff?.isReached) return;
    const replaced = backup && (await replacedBy(transfer, pair));
    const mayKeep = !replaced || (await mayChange(session, 'move', path, replaced.size));
    const answer = mayChange(session, twin?.verb ?? verb, twin?.path ?? file.path, file.size);
    const isWanted = answer instanceof Promise ? await answer : answer;
    if (!isWanted || !mayKeep) return countSkipped(session, file);
    if (replaced) putBack = await backup.keep(replaced, 'replaced');
    if (mode === 'move' && (await movedInPlace(transfer, pair, file))) return;
    if (cutoff && twin?.verb !== 'move' && !admitted(session, file)) return putBack?.();
    const isNew = pair.target === null && isTargetSeen(session, pair);
    if (!twin || !(await brought(session, twin, isNew))) {
      await copyFile(session, { from, file, to, path, isNew: isNew && !twin });
      const fate = pair.target ? 'replaced existing' : 'new';
      report.info(file.path, `Copied (${fate})${toPath(path, file.path)}`);
    }
    putBack = null;
    if (mode === 'move') await removeMoved(transfer, file);
  } catch (error) {
    await putBack?.();
    countError(session, file.path, `Failed to ${verb}`, error);
  }
}

/** False where the twin could not be brought, and the file itself is to be. */
async function brought(session: Session, twin: Twin, isNew: boolean): Promise<boolean> {
  try {
    await twin.bring(isNew);
    return true;
  } catch (error) {
    throwIfFinal(session, error);
    session.report.notice(twin.path, `Failed to ${twin.verb} on the destination's side: ${messageOf(error)}`);
    return false;
  }
}

/** False for the first file that a limit keeps from being begun, as for all that come later. */
function admitted({ cutoff, progress, report }: Session, file: FileEntry): boolean {
  const wasReached = cutoff?.isReached;
  if (cutoff?.admits(progress, file.size)) return true;
  if (!wasReached) report.notice('', 'max transfer limit reached as set by --max-transfer - stopping transfers');
  return false;
}

/** The file that stands where another is to come, even if no listing showed it. */
async function replacedBy({ session, to }: Transfer, pair: Pair): Promise<FileEntry | null> {
  const { path, target } = pair;
  if (target) return target.kind === 'file' ? target : null;
  return isTargetSeen(session, pair) ? null : statAt(session, to, path);
}

/** Whether a file that was not met at the target is not there: a filter may leave out an old one of another size or time, or
 *  of a path that the source spells otherwise. */
function isTargetSeen({ filter, options }: Session, { path, source }: Pair): boolean {
  if (options.noCheckDest || !filter.looksAtNamesOnly) return false;
  return filter.isInactive || path === source?.path;
}

/** A trial run counts what it would have done; what the user refused was never wanted. */
function countSkipped({ options, progress }: Session, file: FileEntry): void {
  if (options.dryRun) {
    progress.transfers++;
    progress.bytes += Math.max(0, file.size);
  } else {
    dropTransfer(progress, file.size);
  }
}

async function movedInPlace({ session, from, to }: Transfer, { path }: Pair, file: FileEntry): Promise<boolean> {
  if (from.remote !== to.remote) return false;
  const target = joinPath(to.path, path);
  if (!(await moveInStore(session, to.remote, joinPath(from.path, file.path), target))) return false;
  session.progress.renames++;
  dropTransfer(session.progress, file.size);
  session.report.info(file.path, `Moved (server-side)${toPath(path, file.path)}`);
  return true;
}

async function removeMoved({ session, from }: Transfer, file: FileEntry): Promise<void> {
  countDeletion(session);
  await from.remote.remove(joinPath(from.path, file.path), { signal: session.signal, isSeen: true });
  session.report.info(file.path, 'Deleted');
}
