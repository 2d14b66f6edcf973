import { isFailure } from '../../core/failure.ts';
import type { AtHand } from '../../core/remote.ts';
import { tagSize } from '../../crypto/secretbox.ts';
import { nonceOfChunk } from '../../formats/chunk-nonce.ts';
import type { ContentCipher } from '../../formats/rclone-crypt/content.ts';
import { parseHeader } from '../../formats/rclone-crypt/header.ts';
import { chunk, headerLength } from '../../formats/rclone-crypt/layout.ts';

// Each chunk is used up before the next is read.
const sealedRoom = new Uint8Array(chunk.sealed);

/** The plain bytes of a sealed file: `entry` is what it looks like. Null for a file that is not sealed. */
export function openAtHand(sealed: AtHand, { engine, dataKey }: ContentCipher, entry: AtHand['entry']): AtHand | null {
  const first = nonceOf(sealed, entry.path);
  if (!first) return null;

  /** Opens chunk `index`, and fills `out` from byte `from` of it on. */
  function openPart(out: Uint8Array, index: number, from: number): boolean {
    const length = Math.min(chunk.plain, entry.size - index * chunk.plain);
    const box = sealedRoom.subarray(0, length + tagSize);
    if (!sealed.fill(box, headerLength + index * chunk.sealed)) return false;
    return engine.openPart(out, box, from, nonceOfChunk(first as Uint8Array, index), dataKey);
  }

  return {
    entry,
    fill(out, start) {
      const end = start + out.length;
      if (end > entry.size) return false;
      for (let at = start; at < end; ) {
        const index = Math.floor(at / chunk.plain);
        const to = Math.min(end, (index + 1) * chunk.plain);
        if (!openPart(out.subarray(at - start, to - start), index, at - index * chunk.plain)) return false;
        at = to;
      }
      return true;
    },
    close: () => sealed.close(),
  };
}

function nonceOf(sealed: AtHand, path: string): Uint8Array | null {
  const header = new Uint8Array(headerLength);
  try {
    return sealed.fill(header, 0) ? parseHeader(header, path) : null;
  } catch (error) {
    if (isFailure(error, 'corrupt')) return null;
    throw error;
  }
}
