import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import { type Bytes, pieceSize, type Range, rangeLength, streamOrWhole } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import { Failure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import { readAt } from './at-offset.ts';
import { borrowBuffer, returnBuffer } from './buffers.ts';
import { diskFailure, isSystemError } from './disk-failure.ts';
import type { DiskPaths } from './disk-path.ts';
import { notAFile, notFollowed, requireFile } from './links.ts';
import { closing, largeTransfer, system } from './system.ts';

export interface ReadPolicy {
  /** Whether a symlink at the path itself is followed. */
  readonly followsLinks: boolean;
  readonly checksUpdates: boolean;
}

/** The bytes of `range` in pieces of exactly 1 MiB, the last one excepted; the next piece is read while one is used. Whole
 *  where they are less than what is worth a thread.
 *  Throws Failure('changed') when the file changes meanwhile, where the policy checks that. */
export function readFile(
  paths: DiskPaths,
  path: string,
  range: Range | undefined,
  call: Call | undefined,
  policy: ReadPolicy,
): Bytes {
  const open = (): Awaitable<number> => {
    throwIfCancelled(call?.signal, path);
    return system.open(paths.toDisk(path), readFlags(policy.followsLinks));
  };
  const look = (fd: number): Awaitable<Part> => lookAt(fd, path, range, call, policy);
  const fail = (error: unknown): never => {
    throw readFailure(error, path, policy);
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let fd: number | null = null;
    try {
      fd = await open();
      const part = await look(fd);
      // Without readPieces: one more generator is expensive for a small file.
      if (!isLarge(part)) {
        if (part.end > part.start) yield await readPart(part, path);
        return;
      }
      for await (const piece of largePieces(fd, path, part.start, part.end)) {
        await part.requireUnchanged();
        yield piece;
      }
    } catch (error) {
      fail(error);
    } finally {
      if (fd !== null) await system.close(fd);
    }
  }
  const readFrom = (fd: number): Awaitable<Uint8Array | null> =>
    whenThere(look(fd), (part) => (isLarge(part) ? null : readPart(part, path)));
  const whole = (): Awaitable<Uint8Array | null> =>
    whenFailed(() => whenThere(open(), (fd) => closing(fd, readFrom)), fail);
  return streamOrWhole(pieces, whole);
}

/** A part of an open file. */
interface Part {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
  requireUnchanged(): Awaitable<void>;
}

function lookAt(
  fd: number,
  path: string,
  range: Range = { start: 0 },
  call: Call | undefined,
  { checksUpdates }: ReadPolicy,
): Awaitable<Part> {
  return whenThere(system.fstat(fd), (stats) => {
    requireFile(stats, path);
    return {
      fd,
      start: range.start,
      end: range.start + rangeLength(range, Number(stats.size)),
      requireUnchanged() {
        throwIfCancelled(call?.signal, path);
        if (checksUpdates) return whenThere(system.fstat(fd), (now) => requireSame(path, stats, now));
      },
    };
  });
}

function isLarge({ start, end }: Part): boolean {
  return end - start >= largeTransfer;
}

function readPart({ fd, start, end, requireUnchanged }: Part, path: string): Awaitable<Uint8Array> {
  return whenThere(fill(fd, path, Buffer.allocUnsafe(end - start), start), (piece) =>
    whenThere(requireUnchanged(), () => piece),
  );
}

function readFailure(error: unknown, path: string, { followsLinks }: ReadPolicy): unknown {
  if (isSystemError(error, 'ELOOP') && !followsLinks) return notFollowed(path);
  // A socket cannot be opened at all.
  return isSystemError(error, 'ENXIO') ? notAFile(path) : diskFailure(error, path);
}

/** How a file is opened, for open(2). Without O_NONBLOCK a pipe would hold us for ever. */
export function readFlags(followsLinks: boolean): number {
  return constants.O_RDONLY | constants.O_NONBLOCK | (followsLinks ? 0 : constants.O_NOFOLLOW);
}

/** The bytes of an open file from `start` to `end`, in pieces as `readFile` gives them. Throws Failure('changed') when it
 *  ends before. */
export async function* readPieces(fd: number, path: string, start: number, end: number): Bytes {
  try {
    if (end - start >= largeTransfer) yield* largePieces(fd, path, start, end);
    else if (end > start) yield await fill(fd, path, Buffer.allocUnsafe(end - start), start);
  } catch (error) {
    throw diskFailure(error, path);
  }
}

async function* largePieces(fd: number, path: string, start: number, end: number): Bytes {
  // One that is read, one that was given away last, and the one before, which may still be being written.
  const buffers = [borrowBuffer(), borrowBuffer(), borrowBuffer()] as const;
  const bufferOf = (offset: number): Uint8Array =>
    buffers[Math.floor((offset - start) / pieceSize) % buffers.length] as Uint8Array;
  const filledAt = async (offset: number): Promise<Uint8Array> =>
    fill(fd, path, bufferOf(offset).subarray(0, Math.min(pieceSize, end - offset)), offset);
  const pieceAt = (offset: number): Promise<Uint8Array> => {
    const piece = filledAt(offset);
    // It may fail while the piece before it is in use and no one waits for it yet.
    piece.catch(() => {});
    return piece;
  };
  let next: Promise<Uint8Array> | undefined = pieceAt(start);
  try {
    for (let offset = start; next; offset += pieceSize) {
      const piece: Uint8Array = await next;
      next = offset + pieceSize < end ? pieceAt(offset + pieceSize) : undefined;
      yield piece;
    }
    // Only here: who leaves early may still hold any piece. The last one is held by whoever asked for more.
    for (const buffer of buffers) if (buffer !== bufferOf(end - 1)) returnBuffer(buffer);
  } finally {
    // The file must stay open until the system is done with it.
    await next?.catch(() => {});
  }
}

/** Fills `piece` from `offset`. Throws Failure('changed') when the file ends before. */
function fill(fd: number, path: string, piece: Uint8Array, offset: number): Awaitable<Uint8Array> {
  return whenThere(readAt(fd, piece, offset), (count) => {
    if (count < piece.length) throw updated(path, `it ends at ${offset + count} bytes now`);
    return piece;
  });
}

function requireSame(path: string, then: BigIntStats, now: BigIntStats): void {
  if (then.size !== now.size) throw updated(path, `size changed from ${then.size} to ${now.size}`);
  if (then.mtimeNs !== now.mtimeNs) throw updated(path, 'its modification time changed');
}

export function updated(path: string, how: string): Failure {
  return new Failure('changed', `/${path}: can't copy - source file is being updated (${how})`, { path });
}
