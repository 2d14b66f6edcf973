import { randomFillSync } from 'node:crypto';
import { nonceSize } from '../../crypto/aes-gcm.ts';

const pool = Buffer.alloc(256 * nonceSize);
let used = pool.length;

/** Writes a random nonce to the first bytes of `out`. 2^32 of them under one key, 256 TiB of blocks, stay safe. */
export function fillNonce(out: Uint8Array): void {
  // A call for random bytes costs as much for one nonce as for many.
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  out.set(pool.subarray(used, used + nonceSize));
  used += nonceSize;
}
