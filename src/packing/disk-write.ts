import { ftruncate } from 'node:fs';
import { promisify } from 'node:util';
import type { Bytes } from '../core/bytes.ts';
import type { Nanoseconds } from '../core/entry.ts';
import type { Extent } from '../formats/tar/entry.ts';
import { writeAt } from '../remotes/local/at-offset.ts';
import { system } from '../remotes/local/system.ts';

const truncate = promisify(ftruncate);

/** How a file is to be on disk. */
export interface NewFile {
  /** Permission bits, of which the process's umask takes some. */
  readonly mode: number;
  readonly modified: Nanoseconds;
  /** Where the bytes go in a file with holes, and its size; without, they follow each other. */
  readonly extents: readonly Extent[] | null;
  readonly size: number;
}

/** Writes a new file; closed to everybody else until it is whole. Throws the system's own errors. */
export async function writeDiskFile(path: string, file: NewFile, bytes: Bytes): Promise<void> {
  const fd = await system.open(path, 'wx', 0o600);
  try {
    if (file.extents) await writeExtents(fd, file.extents, file.size, bytes);
    else await writeAll(fd, bytes);
    await system.futimes(fd, file.modified);
    await system.fchmod(fd, file.mode & 0o777 & ~process.umask());
  } finally {
    await system.close(fd);
  }
}

async function writeAll(fd: number, bytes: Bytes): Promise<void> {
  let offset = 0;
  for await (const piece of bytes) {
    await writeAt(fd, piece, offset);
    offset += piece.length;
  }
}

async function writeExtents(fd: number, extents: readonly Extent[], size: number, bytes: Bytes): Promise<void> {
  const places = extents[Symbol.iterator]();
  let place = places.next();
  let used = 0;
  for await (const piece of bytes) {
    for (let offset = 0; offset < piece.length; ) {
      while (!place.done && used === place.value.size) {
        place = places.next();
        used = 0;
      }
      // The reader of the archive has seen to it that the map holds all the data.
      const { offset: start, size: length } = place.value as Extent;
      const part = piece.subarray(offset, offset + length - used);
      await writeAt(fd, part, start + used);
      used += part.length;
      offset += part.length;
    }
  }
  await truncate(fd, size);
}
