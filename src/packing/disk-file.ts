import { constants } from 'node:fs';
import { type Bytes, pieceSize } from '../core/bytes.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import { Failure } from '../core/failure.ts';
import type { Extent } from '../formats/tar/entry.ts';
import { diskFailure } from '../remotes/local/disk-failure.ts';
import { largeTransfer, system } from '../remotes/local/system.ts';

/** The state of a file on disk; one that is written to changes it. */
export interface DiskState {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** A file that is to be read as it was when it was found. */
export interface DiskFile {
  /** Absolute. */
  readonly path: string;
  readonly state: DiskState;
  /** The stretches to read, one after the other. */
  readonly extents: readonly Extent[];
}

/** Reads it, the next piece while one is used. Throws Failure('changed') unless it is the same before and after. */
export async function* readDiskFile(file: DiskFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { path, state } = file;
  const subject = path.slice(1);
  const requireSame = async (): Promise<void> => {
    const now = await system.fstat(fd);
    const isSame =
      now.ino === state.ino &&
      now.size === state.size &&
      now.mtimeNs === state.mtimeNs &&
      now.ctimeNs === state.ctimeNs;
    if (!isSame) throw changed(path);
  };
  let fd = -1;
  try {
    fd = await system.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await requireSame();
    for (const extent of file.extents) yield* readExtent(fd, extent, path, signal);
    await requireSame();
  } catch (error) {
    throw diskFailure(error, subject);
  } finally {
    if (fd >= 0) await system.close(fd);
  }
}

async function* readExtent(fd: number, { offset, size }: Extent, path: string, signal: AbortSignal): Bytes {
  const end = offset + size;
  // One is being read, one was given away, and one before it may still be in use.
  const buffers = Array.from({ length: Math.min(3, Math.ceil(size / pieceSize)) }, () =>
    Buffer.allocUnsafe(Math.min(size, pieceSize)),
  );
  const pieceAt = (start: number): Promise<Uint8Array> => {
    const buffer = buffers[((start - offset) / pieceSize) % buffers.length] as Buffer;
    const piece = fill(fd, buffer.subarray(0, end - start), start, path);
    piece.catch(() => {});
    return piece;
  };
  let next = size > 0 ? pieceAt(offset) : null;
  try {
    for (let start = offset; next; start += pieceSize) {
      throwIfCancelled(signal, path);
      const piece: Uint8Array = await next;
      next = start + pieceSize < end ? pieceAt(start + pieceSize) : null;
      yield piece;
    }
  } finally {
    // The file must stay open until the system is done with it.
    await next?.catch(() => {});
  }
}

async function fill(fd: number, buffer: Uint8Array, start: number, path: string): Promise<Uint8Array> {
  const read = buffer.length >= largeTransfer ? system.readLarge : system.read;
  for (let filled = 0; filled < buffer.length; ) {
    const count = await read(fd, buffer.subarray(filled), start + filled);
    if (count === 0) throw changed(path);
    filled += count;
  }
  return buffer;
}

function changed(path: string): Failure {
  return new Failure('changed', `${path} changed while it was read: put it again when nobody writes to it`, { path });
}
