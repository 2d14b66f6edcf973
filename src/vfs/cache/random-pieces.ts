import { randomFillSync } from 'node:crypto';

// A call for random bytes costs as much for one piece as for many.
const atOnce = 256;

/** Random pieces of `size` bytes, one with each call of what is returned: to be copied before the next call. */
export function createRandomPieces(size: number): () => Buffer {
  const pool = Buffer.alloc(atOnce * size);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += size;
    return pool.subarray(used - size, used);
  };
}
