import { constants } from 'node:fs';
import { throwIfCancelled } from '../core/cancel.ts';
import { Failure, isFailure } from '../core/failure.ts';
import type { Extent } from '../formats/tar/entry.ts';
import { diskFailure } from '../remotes/local/disk-failure.ts';
import { readPieces } from '../remotes/local/read.ts';
import { system } from '../remotes/local/system.ts';

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
    for (const { offset, size } of file.extents) {
      for await (const piece of readPieces(fd, subject, offset, offset + size)) {
        throwIfCancelled(signal, path);
        yield piece;
      }
    }
    await requireSame();
  } catch (error) {
    throw isFailure(error, 'changed') ? changed(path) : diskFailure(error, subject);
  } finally {
    if (fd >= 0) await system.close(fd);
  }
}

function changed(path: string): Failure {
  return new Failure('changed', `${path} changed while it was read: put it again when nobody writes to it`, { path });
}
