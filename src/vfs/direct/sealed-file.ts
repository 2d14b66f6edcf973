import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { noBytes } from '../../core/bytes.ts';
import { createBlockCipher, xtsKeySize } from '../../crypto/aes-xts.ts';
import { readAt, writeAt } from '../../remotes/local/at-offset.ts';

/** A new file whose bytes are encrypted on the disk, under a key that is nowhere but in memory. One write or truncation
 *  at a time. */
export interface SealedFile {
  /** Shorter than asked only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  write(offset: number, data: Uint8Array): Promise<void>;
  /** Cuts or fills with zeros. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
}

// A cipher is made for each block, which takes longer than to encrypt 4 KiB.
const blockSize = 16_384;
const hole = new Uint8Array(blockSize);

/** `file` is empty. Behind its last byte, the last block is filled with zeros. */
export function createSealedFile(file: FileHandle): SealedFile {
  const cipher = createBlockCipher(randomBytes(xtsKeySize));
  let size = 0;

  /** Plain; zeros where nothing was written. */
  async function readBlocks(first: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array((end - first) * blockSize);
    const filled = await readAt(file.fd, bytes, first * blockSize);
    for (let at = 0; at < filled; at += blockSize) {
      const sealed = bytes.subarray(at, at + blockSize);
      if (Buffer.compare(sealed, hole) !== 0) sealed.set(cipher.open(first + at / blockSize, sealed));
    }
    return bytes;
  }

  /** `bytes` are whole blocks, and become sealed. */
  async function writeBlocks(first: number, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += blockSize)
      bytes.set(cipher.seal(first + at / blockSize, bytes.subarray(at, at + blockSize)), at);
    await writeAt(file.fd, bytes, first * blockSize);
  }

  return {
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      if (end <= offset) return noBytes;
      const first = Math.floor(offset / blockSize);
      const start = offset - first * blockSize;
      return (await readBlocks(first, Math.ceil(end / blockSize))).subarray(start, start + end - offset);
    },

    async write(offset, data) {
      if (data.length === 0) return;
      const dataEnd = offset + data.length;
      const first = Math.floor(offset / blockSize);
      const last = Math.ceil(dataEnd / blockSize) - 1;
      const start = offset - first * blockSize;
      const bytes = new Uint8Array((last + 1 - first) * blockSize);
      // What stands around the data in its first and its last block stays.
      if (start > 0) bytes.set(await readBlocks(first, first + 1));
      if (dataEnd % blockSize > 0 && (last > first || start === 0))
        bytes.set(await readBlocks(last, last + 1), (last - first) * blockSize);
      bytes.set(data, start);
      await writeBlocks(first, bytes);
      size = Math.max(size, dataEnd);
    },

    async truncate(newSize) {
      const kept = newSize % blockSize;
      if (newSize < size && kept > 0) {
        const last = Math.floor(newSize / blockSize);
        await writeBlocks(last, (await readBlocks(last, last + 1)).fill(0, kept));
      }
      await file.truncate(Math.ceil(newSize / blockSize) * blockSize);
      size = newSize;
    },

    close: () => file.close(),
  };
}
