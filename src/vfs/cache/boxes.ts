import { crc32 } from 'node:zlib';
import { open, seal, tagSize } from '../../crypto/aes-gcm.ts';

/** Null for bytes that lie in the clear. */
export type BoxKey = Uint8Array | null;

/** Seals as crypto/aes-gcm.ts does. In the clear, the bytes stand as they are, and a CRC-32 of context and bytes in the
 *  place of the tag: it finds damage, and is no protection against anybody. */
export function sealBox(out: Uint8Array, plain: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: BoxKey): void {
  if (key) {
    seal(out, plain, context, nonce, key);
  } else {
    out.set(plain);
    out.fill(0, plain.length);
    view(out).setUint32(plain.length, checksum(plain, context), true);
  }
}

/** The plain bytes; null where the box is not authentic, or damaged. */
export function openBox(box: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: BoxKey): Uint8Array | null {
  if (key) return open(box, context, nonce, key);
  const length = box.length - tagSize;
  if (length < 0) return null;
  const plain = new Uint8Array(box.subarray(0, length));
  return view(box).getUint32(length, true) === checksum(plain, context) ? plain : null;
}

function checksum(plain: Uint8Array, context: Uint8Array): number {
  return crc32(plain, crc32(context));
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
