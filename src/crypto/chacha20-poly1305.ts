import { noBytes } from '../core/bytes.ts';
import { tagSize } from './aead.ts';
import { nodeAead } from './node-aead.ts';
import { whenWorthIt } from './quick.ts';
import { quickAead } from './quick-aead.ts';

// Without additional data, as Crypt4GH has it.
const name = 'chacha20-poly1305';

const aeadFor = whenWorthIt(nodeAead(name), () => quickAead(name));

/** Writes the sealed bytes and the tag: `out` has 16 bytes more than `plain`. Nonce 12 bytes, key 32. */
export function seal(out: Uint8Array, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): void {
  aeadFor(plain.length).seal(out, plain, noBytes, nonce, key);
}

/** Writes the plain bytes: `out` has 16 bytes less than `box`. False, with zeros in `out`, when `box` is not authentic. */
export function open(out: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean {
  if (box.length < tagSize) return false;
  const isOpen = aeadFor(box.length).open(out, box, noBytes, nonce, key);
  if (!isOpen) out.fill(0);
  return isOpen;
}
