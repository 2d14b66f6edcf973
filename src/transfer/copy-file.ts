import { type Awaitable, whenEnded, whenThere } from '../core/awaitable.ts';
import { pieceSize, type Source } from '../core/bytes.ts';
import type { FileEntry, Metadata, Nanoseconds } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import { askingMetadata, type Location, type OpenedFile, type Remote, type WriteInfo } from '../core/remote.ts';
import { modifiedOf, withTrueSize } from './compare.ts';
import { fileSource } from './file-source.ts';
import { keepMetadata, metadataOf } from './metadata.ts';
import { type InFlight, startFlight } from './progress.ts';
import { withRetries } from './retry.ts';
import type { Session } from './session.ts';

/** A file, and where it goes. */
export interface Route {
  readonly from: Location;
  /** Its path is below `from`. */
  readonly file: FileEntry;
  readonly to: Location;
  /** Below `to`. */
  readonly path: string;
}

export interface CopyOptions {
  /** Nothing stands at the target. */
  readonly isNew: boolean;
  /** Makes what is written of the file's bytes, anew at each try; disposed of when it is written, or not. */
  readonly convert?: ((bytes: Source) => Promise<Source & AsyncDisposable>) | undefined;
}

/** Copies one file, on the store's own side where that is possible. The target is whole or untouched.
 *  Failures that may pass are tried again, `--low-level-retries` times in all. Throws Failure('changed') for a file that
 *  has gone since it was listed. */
export async function copyFile(session: Session, copy: Route & CopyOptions): Promise<FileEntry> {
  const { progress } = session;
  const { from, file, to, path, convert } = copy;
  const target = { remote: to.remote, path: joinPath(to.path, path) };
  const flight = startFlight(progress, file.path, file.size);
  try {
    const written = await withRetries(session, file.path, (attempt) => {
      undo(session, flight);
      // A try that failed may have left the file there after all.
      const isNew = copy.isNew && attempt === 1;
      return tryOnce({ session, from, file, target, isNew, convert, flight });
    });
    progress.transfers++;
    return written;
  } catch (error) {
    undo(session, flight);
    if (!isFailure(error, 'not-found')) throw error;
    throw new Failure('changed', error.message, { path: error.path, cause: error });
  } finally {
    progress.inFlight.delete(flight);
  }
}

interface Try extends Pick<Route, 'from' | 'file'>, CopyOptions {
  readonly session: Session;
  /** Where the file itself is written. */
  readonly target: Location;
  readonly flight: InFlight;
}

function tryOnce(one: Try): Awaitable<FileEntry> {
  const isInOneStore = !one.convert && one.from.remote === one.target.remote;
  return isInOneStore ? copyInStore(one).then((copied) => copied ?? copyThrough(one)) : copyThrough(one);
}

/** Null where the store cannot. */
async function copyInStore({ session, from, file, target, flight }: Try): Promise<FileEntry | null> {
  const { remote } = target;
  // A disk's copy goes through this machine as well: a hard limit counts its bytes.
  if (!remote.copy || (session.cutoff?.countsBytes && !remote.features.buckets)) return null;
  // Nor does a disk's copy bring all of it.
  if (session.options.metadata && remote.features.metadata && !remote.features.buckets) return null;
  const onBytes = (length: number): void => account(session, flight, length);
  try {
    const call = { signal: session.signal, onBytes };
    const copied = await remote.copy(joinPath(from.path, file.path), target.path, call);
    account(session, flight, file.size - flight.done);
    return copied;
  } catch (error) {
    if (isFailure(error, 'unsupported')) return null;
    throw error;
  }
}

/** By way of this machine. */
function copyThrough(one: Try): Awaitable<FileEntry> {
  const { session, from, file } = one;
  if (from.remote.open && savesRequest(from, file)) return openAndSend(one, from.remote.open);
  return session.options.metadata ? askAndSend(one) : send(one, null, null);
}

/** Whether to open and to look at the file in one: for a small file, a request is half of what it costs. */
function savesRequest({ remote }: Location, { size }: FileEntry): boolean {
  return size >= 0 && size <= pieceSize && !remote.features.listsModified;
}

function openAndSend(one: Try, open: NonNullable<Remote['open']>): Promise<FileEntry> {
  const { session, from, file } = one;
  const path = joinPath(from.path, file.path);
  const { signal, options } = session;
  const call = options.metadata ? { signal, ...askingMetadata } : { signal };
  return open.call(from.remote, path, call).then((opened) =>
    whenEnded(
      () => send(one, opened, opened.entry),
      () => opened[Symbol.asyncDispose](),
    ),
  );
}

async function askAndSend(one: Try): Promise<FileEntry> {
  const { session, from, file } = one;
  const call = { signal: session.signal, ...askingMetadata };
  return send(one, null, await from.remote.stat(joinPath(from.path, file.path), call));
}

/** `known` is what the store has just said of the file.
 *  Async functions are left out of what every small file passes through: each costs it as much as a system call. */
function send(one: Try, opened: OpenedFile | null, known: FileEntry | null): Awaitable<FileEntry> {
  const { session, from, file, isNew, convert, flight } = one;
  const { metadata } = session.options;
  return whenThere(sizedFile(one, known), (sized) => {
    const bytes = fileSource(session, from, sized, (length) => accountRead(session, flight, length), opened);
    return whenThere(modifiedToKeep(one, known), (modified) => {
      if (convert) return writeConverted(one, convert, bytes, modified);
      const info = { modified, mimeType: (known ?? file).mimeType, isNew };
      return metadata ? writeWithMetadata(one, bytes, info, known ?? file, metadata) : write(one, bytes, info);
    });
  });
}

function sizedFile({ session, from, file }: Try, known: FileEntry | null): Awaitable<FileEntry> {
  return known && file.isSizeEstimated ? { ...file, size: known.size } : withTrueSize(session, from, file);
}

/** Undefined where the target keeps none. */
function modifiedToKeep(
  { session, from, file, target }: Try,
  known: FileEntry | null,
): Awaitable<Nanoseconds | undefined> {
  if (target.remote.features.modifiedPrecision === null) return undefined;
  return known?.modified ?? modifiedOf(session, from, file);
}

async function writeConverted(
  one: Try,
  convert: NonNullable<Try['convert']>,
  bytes: Source,
  modified: Nanoseconds | undefined,
): Promise<FileEntry> {
  await using converted = await convert(bytes);
  // It is disposed of at the return.
  return await write(one, converted, { modified, isNew: one.isNew });
}

async function writeWithMetadata(
  one: Try,
  bytes: Source,
  info: WriteInfo,
  known: FileEntry,
  added: Metadata,
): Promise<FileEntry> {
  const metadata = new Map([...(metadataOf(known) ?? []), ...added]);
  return write(one, bytes, await keepMetadata(one.session, one.target, info, metadata));
}

function write({ session, file, target }: Try, source: Source, info: WriteInfo): Promise<FileEntry> {
  const { size } = source;
  return target.remote.write(target.path, source, info, { signal: session.signal }).then((written) => {
    if (size === null || written.size < 0 || written.size === size) return written;
    throw new Failure('corrupt', `corrupted on transfer: sizes differ ${size} vs ${written.size}`, {
      path: file.path,
      retryable: true,
    });
  });
}

function account(session: Session, flight: InFlight, bytes: number): void {
  flight.done += bytes;
  session.progress.bytes += bytes;
  session.cutoff?.spend(bytes);
}

function accountRead(session: Session, flight: InFlight, bytes: number): void {
  account(session, flight, bytes);
  session.cutoff?.requireRoom();
}

function undo(session: Session, flight: InFlight): void {
  session.progress.bytes -= flight.done;
  flight.done = 0;
}
