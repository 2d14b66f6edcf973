import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import type { Location, WriteInfo } from '../core/remote.ts';
import { modifiedOf } from './compare.ts';
import { fileSource } from './file-source.ts';
import type { InFlight } from './progress.ts';
import { withRetries } from './retry.ts';
import type { Session } from './session.ts';

/** Copies one file to `path` below `to`, on the store's own side where that is possible. The target is whole or untouched.
 *  Failures that may pass are tried again, `--low-level-retries` times in all. `isNew` says that nothing stands there. */
export async function copyFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  { isNew }: { readonly isNew: boolean },
): Promise<FileEntry> {
  return tracked(session, file, (flight) =>
    withRetries(session, file.path, async (attempt) => {
      undo(session, flight);
      // A try that failed may have left the file there after all.
      const info = { ...(await infoOf(session, from, file, to)), isNew: isNew && attempt === 1 };
      return copyOnce(session, from, file, to, path, info, flight);
    }),
  );
}

async function copyOnce(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  info: WriteInfo,
  flight: InFlight,
): Promise<FileEntry> {
  const call = { signal: session.signal };
  const source = joinPath(from.path, file.path);
  const target = joinPath(to.path, path);
  if (from.remote === to.remote && to.remote.copy) {
    try {
      const copied = await to.remote.copy(source, target, call);
      account(session, flight, file.size);
      return copied;
    } catch (error) {
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }
  const bytes = fileSource(session, from, file, (length) => account(session, flight, length));
  const written = await to.remote.write(target, bytes, info, call);
  if (file.size >= 0 && written.size >= 0 && written.size !== file.size) {
    throw new Failure('corrupt', `corrupted on transfer: sizes differ ${file.size} vs ${written.size}`, {
      path: file.path,
      retryable: true,
    });
  }
  return written;
}

async function infoOf(session: Session, from: Location, file: FileEntry, to: Location): Promise<WriteInfo> {
  const mimeType = file.mimeType === undefined ? {} : { mimeType: file.mimeType };
  if (to.remote.features.modifiedPrecision === null) return mimeType;
  return { modified: await modifiedOf(session, from, file), ...mimeType };
}

function account(session: Session, flight: InFlight, bytes: number): void {
  flight.done += bytes;
  session.progress.bytes += bytes;
}

function undo(session: Session, flight: InFlight): void {
  session.progress.bytes -= flight.done;
  flight.done = 0;
}

async function tracked<T>(session: Session, file: FileEntry, work: (flight: InFlight) => Promise<T>): Promise<T> {
  const { progress } = session;
  const flight: InFlight = { path: file.path, size: file.size, done: 0, startedAt: progress.now() };
  progress.inFlight.add(flight);
  try {
    const result = await work(flight);
    progress.transfers++;
    return result;
  } catch (error) {
    undo(session, flight);
    throw error;
  } finally {
    progress.inFlight.delete(flight);
  }
}
