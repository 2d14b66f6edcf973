import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pieceSize, type Range, rangeLength, type Source } from '../../core/bytes.ts';
import { makeDirs } from '../../remotes/local/make-dir.ts';
import { diskFailure, raiseLimit } from '../disk-failure.ts';
import { createSealedFile, type SealedFile } from './sealed-file.ts';

/** A temporary file that no name leads to, and whose key goes with the process. */
export interface Spool extends SealedFile {
  /** The first `size` bytes. Nothing may be written while it is read. */
  source(size: number): Source;
}

/** On the disk of `folder`, which is made where it is missing; nobody else may come near it while it has a name. */
export async function createSpool(folder: string): Promise<Spool> {
  const file = createSealedFile(await failing(folder, () => openUnlinked(folder)));
  return {
    read: (offset, length) => failing(folder, () => file.read(offset, length)),
    write: (offset, data) => failing(folder, () => file.write(offset, data)),
    truncate: (size) => failing(folder, () => file.truncate(size)),
    source: (size) => ({
      size,
      replayable: true,
      async *open(range: Range = { start: 0 }) {
        const end = range.start + rangeLength(range, size);
        for (let offset = range.start; offset < end; offset += pieceSize) {
          yield await failing(folder, () => file.read(offset, Math.min(pieceSize, end - offset)));
        }
      },
    }),
    close: () => file.close(),
  };
}

async function openUnlinked(folder: string): Promise<FileHandle> {
  await makeDirs(folder, 0o700);
  const own = await mkdtemp(join(folder, 'coffer-'));
  const path = join(own, 'spool');
  try {
    return await open(path, 'wx+', 0o600);
  } finally {
    await rm(own, { recursive: true });
  }
}

const steps = {
  room: ': make room, or give another folder with TMPDIR',
  folder: ': give another folder with TMPDIR',
  limit: `${raiseLimit}, or use --vfs-cache-mode full`,
};

/** Runs what touches a spool in `folder`; what the system says becomes a `diskFailure`. */
export async function failing<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw diskFailure(error, `${folder}: cannot hold what is written`, folder, steps);
  }
}
