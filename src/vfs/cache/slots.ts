import { viewOf } from '../../core/bytes.ts';
import { nonceSize, tagSize } from '../../crypto/aead.ts';
import { type BoxKey, openBox, sealBox } from './boxes.ts';
import { fillNonce } from './nonces.ts';

/** Bytes of a block of a cached file: as many as a crypt remote seals at once, so that a block missing costs one chunk. */
export const blockSize = 1 << 16;

// A slot is a nonce, the length of the block's bytes, these sealed, a tag. All slots take the same room in the cache
// file; a shorter block leaves the end of its slot unused.
const lengthOffset = nonceSize;
const headLength = nonceSize + 4;

/** Bytes from one slot to the next. */
export const slotSize = headLength + blockSize + tagSize;

/** Bytes of a slot that a block of `length` bytes needs. */
export const sealedSize = (length: number): number => headLength + length + tagSize;

/** Seals the bytes of block `index` into the start of `out`; returns how many bytes that are. */
export function sealSlot(out: Uint8Array, bytes: Uint8Array, index: number, key: BoxKey): number {
  const head = out.subarray(0, headLength);
  fillNonce(head);
  viewOf(head).setUint32(lengthOffset, bytes.length, true);
  const end = sealedSize(bytes.length);
  sealBox(out.subarray(headLength, end), bytes, contextOf(index, bytes.length), head.subarray(0, nonceSize), key);
  return end;
}

/** The bytes of block `index` from a slot, as the start of `out`, which has room for a block; `slot` may be cut where the
 *  cache file ends. Null where they do not authenticate. */
export function openSlot(out: Uint8Array, slot: Uint8Array, index: number, key: BoxKey): Uint8Array | null {
  if (slot.length < headLength) return null;
  const length = viewOf(slot).getUint32(lengthOffset, true);
  const box = slot.subarray(headLength, headLength + length + tagSize);
  if (length > blockSize || box.length !== length + tagSize) return null;
  const bytes = out.subarray(0, length);
  return openBox(bytes, box, contextOf(index, length), slot.subarray(0, nonceSize), key) ? bytes : null;
}

/** Binds the sealed bytes to their place in the file. */
function contextOf(index: number, length: number): Uint8Array {
  const context = new Uint8Array(12);
  viewOf(context).setFloat64(0, index, true);
  viewOf(context).setUint32(8, length, true);
  return context;
}
