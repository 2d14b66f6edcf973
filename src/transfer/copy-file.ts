import { type Awaitable, whenThere } from '../core/awaitable.ts';
import { pieceSize, type Source } from '../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import type { Location, OpenedFile, Remote } from '../core/remote.ts';
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
export async function copyFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
  options: CopyOptions,
): Promise<FileEntry> {
  const { progress } = session;
  const flight: InFlight = { path: file.path, size: file.size, done: 0, startedAt: progress.now() };
  const target = { remote: to.remote, path: joinPath(to.path, path) };
  progress.inFlight.add(flight);
  try {
    const written = await withRetries(session, file.path, (attempt) => {
      undo(session, flight);
      // A try that failed may have left the file there after all.
      const isNew = options.isNew && attempt === 1;
      return tryOnce({ session, from, file, target, isNew, convert: options.convert, flight });
    });
    progress.transfers++;
    return written;
  } catch (error) {
    undo(session, flight);
    throw error;
  } finally {
    progress.inFlight.delete(flight);
  }
}

interface Try extends CopyOptions {
  readonly session: Session;
  readonly from: Location;
  /** Its path is below `from`. */
  readonly file: FileEntry;
  /** Where the file itself is written. */
  readonly target: Location;
  readonly flight: InFlight;
}

function tryOnce(one: Try): Awaitable<FileEntry> {
  const isInOneStore = !one.convert && one.from.remote === one.target.remote;
  return isInOneStore ? copyInStore(one).then((copied) => copied ?? carry(one)) : carry(one);
}

/** Null where the store cannot. */
async function copyInStore({ session, from, file, target, flight }: Try): Promise<FileEntry | null> {
  const { remote } = target;
  // A disk's copy goes through this machine as well: a hard limit counts its bytes.
  if (!remote.copy || (session.cutoff?.countsBytes && !remote.features.buckets)) return null;
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
function carry(one: Try): Awaitable<FileEntry> {
  const { from, file } = one;
  return from.remote.open && savesRequest(from, file) ? openAndSend(one, from.remote.open) : send(one, null);
}

/** Whether to open and to look at the file in one: for a small file, a request is half of what it costs. */
function savesRequest({ remote }: Location, { size }: FileEntry): boolean {
  return size >= 0 && size <= pieceSize && !remote.features.listsModified;
}

async function openAndSend(one: Try, open: NonNullable<Remote['open']>): Promise<FileEntry> {
  const { session, from, file } = one;
  await using opened = await open.call(from.remote, joinPath(from.path, file.path), { signal: session.signal });
  // Here and below: what is in use is disposed of at the return.
  return await send(one, opened);
}

// Async functions are left out of what every small file passes through: each costs it as much as a system call.
function send(one: Try, opened: OpenedFile | null): Awaitable<FileEntry> {
  const { session, from, file, convert, flight } = one;
  return whenThere(sizedFile(one, opened), (sized) => {
    const bytes = fileSource(session, from, sized, (length) => accountRead(session, flight, length), opened);
    return whenThere(modifiedToKeep(one, opened), (modified) =>
      convert ? writeConverted(one, convert, bytes, modified) : write(one, bytes, modified, opened?.entry ?? file),
    );
  });
}

function sizedFile({ session, from, file }: Try, opened: OpenedFile | null): Awaitable<FileEntry> {
  return opened && file.isSizeEstimated ? { ...file, size: opened.entry.size } : withTrueSize(session, from, file);
}

/** Undefined where the target keeps none. */
function modifiedToKeep(
  { session, from, file, target }: Try,
  opened: OpenedFile | null,
): Awaitable<Nanoseconds | undefined> {
  if (target.remote.features.modifiedPrecision === null) return undefined;
  return opened?.entry.modified ?? modifiedOf(session, from, file);
}

async function writeConverted(
  one: Try,
  convert: NonNullable<Try['convert']>,
  bytes: Source,
  modified: Nanoseconds | undefined,
): Promise<FileEntry> {
  await using converted = await convert(bytes);
  return await write(one, converted, modified, {});
}

function write(
  { session, file, target, isNew }: Try,
  source: Source,
  modified: Nanoseconds | undefined,
  { mimeType }: Pick<FileEntry, 'mimeType'>,
): Promise<FileEntry> {
  const { size } = source;
  const info = { modified, mimeType, isNew };
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
