import { randomBytes } from 'node:crypto';
import { noBytes } from '../core/bytes.ts';

// A call for random bytes costs as much for one piece as for many.
const atOnce = 256;

/** Random pieces of `size` bytes, another one with each call of what is returned. */
export function createRandomPieces(size: number): () => Uint8Array {
  let pool: Uint8Array = noBytes;
  return () => {
    if (pool.length === 0) pool = randomBytes(atOnce * size);
    const piece = pool.subarray(0, size);
    pool = pool.subarray(size);
    return piece;
  };
}
