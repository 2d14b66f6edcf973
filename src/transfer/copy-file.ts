import { pieceSize, type Source } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import type { Call, Location, OpenedFile, WriteInfo } from '../core/remote.ts';
import { modifiedOf, withTrueSize } from './compare.ts';
import { fileSource } from './file-source.ts';
import type { InFlight } from './progress.ts';
import { withRetries } from './retry.ts';
import type { Session } from './session.ts';

export interface CopyOptions {
  /** Nothing stands at the target. */
  readonly isNew: boolean;
  /** Makes what is written of the file's bytes, anew at each try; disposed of when it is written, or not. */
  readonly convert?: (bytes: Source) => Promise<Source & AsyncDisposable>;
}

/** Copies one file to `path` below `to`, on the store's own side where that is possible. The target is whole or untouched.
 *  Failures that may pass are tried again, `--low-level-retries` times in all. */
export async function copyFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  options: CopyOptions,
): Promise<FileEntry> {
  return tracked(session, file, (flight) =>
    withRetries(session, file.path, async (attempt) => {
      undo(session, flight);
      // A try that failed may have left the file there after all.
      return copyOnce(session, from, file, to, path, { ...options, isNew: options.isNew && attempt === 1 }, flight);
    }),
  );
}

async function copyOnce(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  { isNew, convert }: CopyOptions,
  flight: InFlight,
): Promise<FileEntry> {
  const call = { signal: session.signal };
  const source = joinPath(from.path, file.path);
  const target = joinPath(to.path, path);
  if (!convert && from.remote === to.remote && to.remote.copy) {
    try {
      const copied = await to.remote.copy(source, target, call);
      account(session, flight, file.size);
      return copied;
    } catch (error) {
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }
  await using opened = await openSmall(from, file, source, call);
  const stated = opened && file.isSizeEstimated ? { ...file, size: opened.entry.size } : null;
  const sized = stated ?? (await withTrueSize(session, from, file));
  const { mimeType, ...dated } = await infoOf(session, from, file, to, opened);
  // Converted bytes are of another type.
  const info = { ...dated, ...(mimeType !== undefined && !convert && { mimeType }), isNew };
  const bytes = fileSource(session, from, sized, (length) => account(session, flight, length), opened);
  await using converted = convert ? await convert(bytes) : null;
  const { size } = converted ?? bytes;
  const written = await to.remote.write(target, converted ?? bytes, info, call);
  if (size !== null && written.size >= 0 && written.size !== size) {
    throw new Failure('corrupt', `corrupted on transfer: sizes differ ${size} vs ${written.size}`, {
      path: file.path,
      retryable: true,
    });
  }
  return written;
}

/** For a small file, a request that is saved is half of what it costs. */
async function openSmall({ remote }: Location, file: FileEntry, path: string, call: Call): Promise<OpenedFile | null> {
  const isSmall = file.size >= 0 && file.size <= pieceSize;
  return isSmall && remote.open && !remote.features.listsModified ? remote.open(path, call) : null;
}

async function infoOf(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  opened: OpenedFile | null,
): Promise<WriteInfo> {
  const { mimeType } = opened?.entry ?? file;
  const type = mimeType === undefined ? {} : { mimeType };
  if (to.remote.features.modifiedPrecision === null) return type;
  return { modified: opened?.entry.modified ?? (await modifiedOf(session, from, file)), ...type };
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
