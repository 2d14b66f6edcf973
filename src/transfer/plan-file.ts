import { type Awaitable, whenFailed } from '../core/awaitable.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import { carry } from './carry.ts';
import { alike, areAlike, compareFiles } from './compare.ts';
import { deleteFile } from './deletions.ts';
import { findElsewhere, twinElsewhere } from './elsewhere.ts';
import type { Pair } from './merge.ts';
import { expectTransfer } from './progress.ts';
import { countError, mayChange, type Session } from './session.ts';
import type { Transfer, Twin } from './transfer.ts';

/** Counts and tells of a file that the listings alone show to be unchanged; false where more has to be found out. */
export function isUnchanged({ session, from, to }: Transfer, { source, target }: Pair): boolean {
  if (source?.kind !== 'file' || target?.kind !== 'file' || !areAlike(session, { from, source, to, target }))
    return false;
  session.progress.totalChecks++;
  session.progress.checks++;
  session.report.debug(source.path, alike.why);
  session.report.debug(source.path, 'Unchanged skipping');
  return true;
}

/** Queues a file that nothing stands in the place of. Resolves once there is room. A failure is counted. */
export function planNew(transfer: Transfer, pair: Pair, file: FileEntry): Awaitable<void> {
  return whenFailed(
    () => queueFile(transfer, pair, file, null),
    (error) => countError(transfer.session, file.path, 'Failed to check', error),
  );
}

/** Finds out whether a file must be transferred, and queues it; does at once what else there is to do. A failure is counted. */
export async function planFile(transfer: Transfer, pair: Pair, file: FileEntry): Promise<void> {
  const { session, from, to, mode, elsewhere } = transfer;
  throwIfCancelled(session.signal);
  const { report, options } = session;
  const { path, target } = pair;
  const existing = target?.kind === 'file' ? target : null;
  try {
    if (existing) {
      const verdict = await check(session, file.path, () =>
        compareFiles(session, { from, source: file, to, target: existing }),
      );
      report.debug(file.path, verdict.why);
      if (verdict.act !== 'keep' && options.immutable) {
        throw new Failure('exists', 'source and destination exist but do not match: immutable file modified', { path });
      }
      const isSet =
        verdict.act !== 'set-time' || (await setTime(transfer, joinPath(to.path, path), file, verdict.modified));
      if (isSet && verdict.act !== 'transfer') {
        report.debug(file.path, 'Unchanged skipping');
        if (mode === 'move' && !options.ignoreExisting) await deleteFile(session, from, file);
        return;
      }
    }
    const other = elsewhere && (await findElsewhere(transfer, path, file));
    if (other && !elsewhere.isCopied) return report.debug(file.path, 'Destination found in --compare-dest, skipping');
    await queueFile(transfer, pair, file, other && twinElsewhere(transfer, path, other));
  } catch (error) {
    countError(session, file.path, 'Failed to check', error);
  }
}

/** False where the object cannot get another time as it stands: one in an archive, for example. */
async function setTime({ session, to }: Transfer, path: string, file: FileEntry, time: Nanoseconds): Promise<boolean> {
  if (!(await mayChange(session, 'update modification time', file.path, file.size))) return true;
  try {
    await to.remote.setModified?.(path, time, { signal: session.signal });
    session.report.info(file.path, 'Updated modification time in destination');
    return true;
  } catch (error) {
    if (!isFailure(error, 'unsupported')) throw error;
    session.report.info(file.path, "src and dst identical but can't set mod time without re-uploading");
    return false;
  }
}

/** Queues the transfer of a file, of which the target's store may have a twin. Resolves once there is room. */
export function queueFile(transfer: Transfer, pair: Pair, file: FileEntry, twin: Twin | null): Awaitable<void> {
  expectTransfer(transfer.session.progress, file.size);
  return transfer.queue.add(() => carry(transfer, pair, file, twin), file);
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
