import { crc32 } from 'node:zlib';
import { viewOf } from '../../core/bytes.ts';
import { quickAead } from '../../crypto/quick-aead.ts';

/** Null for bytes that lie in the clear. */
export type BoxKey = Uint8Array | null;

/** Seals as crypto/aead.ts does. In the clear, the bytes stand as they are, and a CRC-32 of context and bytes in the
 *  place of the tag: it finds damage, and is no protection against anybody. */
export function sealBox(out: Uint8Array, plain: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: BoxKey): void {
  if (key) {
    quickAead('aes-256-gcm').seal(out, plain, context, nonce, key);
  } else {
    out.set(plain);
    out.fill(0, plain.length);
    viewOf(out).setUint32(plain.length, checksum(plain, context), true);
  }
}

/** Writes the plain bytes: `out` has 16 bytes less than `box`. False, with `out` undefined, where the box is not authentic,
 *  or damaged. */
export function openBox(
  out: Uint8Array,
  box: Uint8Array,
  context: Uint8Array,
  nonce: Uint8Array,
  key: BoxKey,
): boolean {
  if (key) return quickAead('aes-256-gcm').open(out, box, context, nonce, key);
  out.set(box.subarray(0, out.length));
  return viewOf(box).getUint32(out.length, true) === checksum(out, context);
}

function checksum(plain: Uint8Array, context: Uint8Array): number {
  return crc32(plain, crc32(context));
}
