import { pieceSize, type Range, rangeLength, type Source } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { CachedFile } from './cached-file.ts';

/** The bytes as they are when it is read: nothing may be changed meanwhile, and nothing be missing. The next piece is read
 *  while one is used. */
export function uploadSource({ blocks, bytes }: CachedFile, path: string, signal: AbortSignal): Source {
  const { size } = blocks;

  async function* open(range: Range = { start: 0 }): AsyncGenerator<Uint8Array> {
    const { start } = range;
    const end = start + rangeLength(range, size);
    // One that is read, one that was given away last, and the one before, which may still be being written.
    const buffers: Uint8Array[] = [];

    function pieceAt(offset: number): Promise<Uint8Array> | undefined {
      if (offset >= end) return undefined;
      const turn = ((offset - start) / pieceSize) % 3;
      buffers[turn] ??= new Uint8Array(Buffer.allocUnsafeSlow(Math.min(pieceSize, end - offset)).buffer);
      const out = buffers[turn].subarray(0, end - offset);
      const piece = bytes.readThrough(offset, out).then(() => out);
      // It may fail while the piece before it is in use and no one waits for it yet.
      piece.catch(() => {});
      return piece;
    }

    let next = pieceAt(start);
    try {
      for (let offset = start; next; offset += pieceSize) {
        const piece = await next;
        throwIfCancelled(signal, path);
        next = pieceAt(offset + pieceSize);
        yield piece;
      }
    } finally {
      await next?.catch(() => {});
    }
  }

  return { size, replayable: true, open };
}
