import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { tagSize } from '../../src/crypto/aead.ts';
import { open, seal } from '../../src/crypto/chacha20-poly1305.ts';

const sodium = createRequire(import.meta.url)('sodium-native');
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + 1);
const key = counting(32);
const nonce = counting(12);

const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 1000, 65_536];
// After the first 16 MiB another implementation does it.
test.for([...lengths, 17 << 20, ...lengths])('%i bytes are sealed as libsodium seals them', (length) => {
  const plain = counting(length);
  const box = new Uint8Array(length + tagSize);
  seal(box, plain, nonce, key);
  const expected = Buffer.alloc(length + tagSize);
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(expected, plain, null, null, nonce, key);
  expect(expected.equals(box)).toBe(true);
  const opened = new Uint8Array(length);
  expect(open(opened, box, nonce, key)).toBe(true);
  expect(Buffer.compare(opened, plain)).toBe(0);
});

test('a box with any bit changed, another nonce or another key does not open, and gives zeros', () => {
  const box = new Uint8Array(33 + tagSize);
  seal(box, counting(33), nonce, key);
  const out = new Uint8Array(33);
  for (let bit = 0; bit < box.length * 8; bit++) {
    const changed = box.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(open(out, changed, nonce, key)).toBe(false);
  }
  expect(open(out, box, new Uint8Array(12), key)).toBe(false);
  expect(open(out, box, nonce, new Uint8Array(32))).toBe(false);
  expect(open(out, box.subarray(0, 15), nonce, key)).toBe(false);
  expect(out.every((byte) => byte === 0)).toBe(true);
});
