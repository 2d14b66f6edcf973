import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, Range, Source } from '../core/bytes.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import type { FileEntry } from '../core/entry.ts';
import { Failure, isFailure, messageOf } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import type { Location, WriteInfo } from '../core/remote.ts';
import { modifiedOf } from './compare.ts';
import type { InFlight } from './progress.ts';
import type { Session } from './session.ts';

/** Copies one file to `path` below `to`, on the store's own side where that is possible. The target is whole or untouched.
 *  Failures that may pass are tried again, `--low-level-retries` times in all. */
export async function copyFile(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
): Promise<FileEntry> {
  return tracked(session, file, async (flight) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await copyOnce(session, from, file, to, path, flight);
      } catch (error) {
        throwIfCancelled(session.signal, file.path);
        if (!isFailure(error) || !error.retryable || attempt >= session.options.lowLevelRetries) throw error;
        session.report.debug(file.path, `Received error: ${messageOf(error)} - low level retry ${attempt}`);
        undo(session, flight);
        await sleep(error.retryAfter ?? Math.min(2 ** attempt * 10, 2000), undefined, { signal: session.signal });
      }
    }
  });
}

async function copyOnce(
  session: Session,
  from: Location,
  file: FileEntry,
  to: Location,
  path: string,
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
  const written = await to.remote.write(
    target,
    fileSource(session, from, file, flight),
    await infoOf(session, from, file, to),
    call,
  );
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

/** The file's bytes: counted as they pass, and held against the store's own MD5 when they are read whole. */
function fileSource(session: Session, from: Location, file: FileEntry, flight: InFlight): Source {
  const path = joinPath(from.path, file.path);
  const expected = session.options.ignoreChecksum || from.remote.features.slowHashes ? undefined : file.hashes?.md5;
  return {
    size: file.size < 0 ? null : file.size,
    replayable: true,
    open(range?: Range): Bytes {
      const bytes = from.remote.read(path, range, { signal: session.signal });
      const isWhole = (range?.start ?? 0) === 0 && (range?.end ?? file.size) >= file.size;
      return counted(session, flight, expected && isWhole ? verified(bytes, expected, file.path) : bytes);
    },
  };
}

async function* counted(session: Session, flight: InFlight, bytes: Bytes): Bytes & AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    account(session, flight, piece.length);
    yield piece;
  }
}

async function* verified(bytes: Bytes, md5: string, path: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('md5');
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
  const actual = hash.digest('hex');
  if (actual !== md5) {
    throw new Failure('corrupt', `corrupted on transfer: md5 hashes differ "${md5}" vs "${actual}"`, {
      path,
      retryable: true,
    });
  }
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
