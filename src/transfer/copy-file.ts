import { type Awaitable, whenThere } from '../core/awaitable.ts';
import { pieceSize, type Source } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import type { Location, OpenedFile, WriteInfo } from '../core/remote.ts';
import { modifiedOf, withTrueSize } from './compare.ts';
import { fileSource } from './file-source.ts';
import type { InFlight } from './progress.ts';
import { withRetries } from './retry.ts';
import type { Session } from './session.ts';

export interface CopyOptions {
  /** Nothing stands at the target. */
  readonly isNew: boolean;
  /** Makes what is written of the file's bytes, anew at each try; disposed of when it is written, or not. */
  readonly convert?: ((bytes: Source) => Promise<Source & AsyncDisposable>) | undefined;
}

/** Copies one file to `path` below `to`, on the store's own side where that is possible. The target is whole or untouched.
 *  Failures that may pass are tried again, `--low-level-retries` times in all. */
export function copyFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  options: CopyOptions,
): Promise<FileEntry> {
  return tracked(session, file, (flight) =>
    withRetries(session, file.path, (attempt) => {
      undo(session, flight);
      // A try that failed may have left the file there after all.
      const isNew = options.isNew && attempt === 1;
      return copyOnce(session, from, file, to, path, { isNew, convert: options.convert }, flight);
    }),
  );
}

async function copyOnce(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  options: CopyOptions,
  flight: InFlight,
): Promise<FileEntry> {
  const call = { signal: session.signal };
  const source = joinPath(from.path, file.path);
  const target = { remote: to.remote, path: joinPath(to.path, path) };
  if (!options.convert && from.remote === to.remote && to.remote.copy) {
    try {
      const onBytes = (length: number): void => account(session, flight, length);
      const copied = await to.remote.copy(source, target.path, { ...call, onBytes });
      account(session, flight, file.size - flight.done);
      return copied;
    } catch (error) {
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }
  const { open } = from.remote;
  if (!open || !savesRequest(from, file)) return send(session, from, file, target, options, flight, null);
  await using opened = await open.call(from.remote, source, call);
  // Here and below: what is in use is disposed of at the return.
  return await send(session, from, file, target, options, flight, opened);
}

/** Whether to open and to look at the file in one: for a small file, a request is half of what it costs. */
function savesRequest({ remote }: Location, { size }: FileEntry): boolean {
  return size >= 0 && size <= pieceSize && !remote.features.listsModified;
}

async function send(
  session: Session,
  from: Location,
  file: FileEntry,
  target: Location,
  { isNew, convert }: CopyOptions,
  flight: InFlight,
  opened: OpenedFile | null,
): Promise<FileEntry> {
  const stated = opened && file.isSizeEstimated ? { ...file, size: opened.entry.size } : null;
  const sized = stated ?? (await withTrueSize(session, from, file));
  const bytes = fileSource(session, from, sized, (length) => account(session, flight, length), opened);
  const dated = await datedInfo(session, from, file, target, opened);
  if (convert) {
    await using converted = await convert(bytes);
    return await write(session, file, target, converted, { isNew, ...dated });
  }
  const { mimeType } = opened?.entry ?? file;
  return write(session, file, target, bytes, { isNew, ...dated, ...(mimeType !== undefined && { mimeType }) });
}

function datedInfo(
  session: Session,
  from: Location,
  file: FileEntry,
  { remote }: Location,
  opened: OpenedFile | null,
): Awaitable<Pick<WriteInfo, 'modified'>> {
  if (remote.features.modifiedPrecision === null) return {};
  return whenThere(opened?.entry.modified ?? modifiedOf(session, from, file), (modified) => ({ modified }));
}

async function write(
  { signal }: Session,
  file: FileEntry,
  { remote, path }: Location,
  source: Source,
  info: WriteInfo,
): Promise<FileEntry> {
  const { size } = source;
  const written = await remote.write(path, source, info, { signal });
  if (size !== null && written.size >= 0 && written.size !== size) {
    throw new Failure('corrupt', `corrupted on transfer: sizes differ ${size} vs ${written.size}`, {
      path: file.path,
      retryable: true,
    });
  }
  return written;
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
