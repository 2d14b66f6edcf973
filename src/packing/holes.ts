import type { Extent } from '../formats/tar/entry.ts';
import { type DiskFile, readDiskFile } from './disk-file.ts';

// File systems leave out whole blocks of this size.
const blockSize = 4096;

/** Where a file with holes holds data. Node cannot ask for holes, so the file is read: blocks of zeros count as holes. */
export async function findExtents(file: DiskFile, signal: AbortSignal): Promise<readonly Extent[]> {
  const extents: Extent[] = [];
  let start = -1;
  let offset = 0;
  const close = (): void => {
    if (start >= 0) extents.push({ offset: start, size: offset - start });
    start = -1;
  };
  for await (const piece of readDiskFile(file, signal)) {
    for (let at = 0; at < piece.length; at += blockSize) {
      const block = piece.subarray(at, at + blockSize);
      if (isZero(block)) close();
      else if (start < 0) start = offset;
      offset += block.length;
    }
  }
  close();
  // As GNU tar does, so that the size is told even where the end is a hole.
  return offset > 0 && lastEnd(extents) < offset ? [...extents, { offset, size: 0 }] : extents;
}

function lastEnd(extents: readonly Extent[]): number {
  const last = extents.at(-1);
  return last ? last.offset + last.size : 0;
}

const zeros = Buffer.alloc(blockSize);

function isZero(block: Uint8Array): boolean {
  return Buffer.compare(block, block.length === blockSize ? zeros : zeros.subarray(0, block.length)) === 0;
}
