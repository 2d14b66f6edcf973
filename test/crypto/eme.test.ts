import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEme } from '../../src/crypto/eme.ts';

const blocks = fc
  .integer({ min: 1, max: 128 })
  .chain((count) => fc.uint8Array({ minLength: count * 16, maxLength: count * 16 }));
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('opens what it sealed, whatever the key, the tweak and the length', () => {
  fc.assert(
    fc.property(bytes(32), bytes(16), blocks, (key, tweak, text) => {
      const eme = createEme(key, tweak);
      const sealed = eme.seal(text).slice();
      expect(sealed).toHaveLength(text.length);
      expect(Buffer.from(eme.open(sealed)).equals(text)).toBe(true);
    }),
  );
});

test('one changed bit changes every block of the result', () => {
  const eme = createEme(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2));
  const text = new Uint8Array(128 * 16);
  const before = Uint8Array.from(eme.seal(text));
  text[1000] = 1;
  const after = eme.seal(text);
  for (let start = 0; start < text.length; start += 16) {
    expect(Buffer.from(after.subarray(start, start + 16)).equals(before.subarray(start, start + 16))).toBe(false);
  }
});

test('refuses what is not 1 to 128 blocks', () => {
  const eme = createEme(new Uint8Array(32), new Uint8Array(16));
  for (const length of [0, 15, 17, 129 * 16]) expect(() => eme.seal(new Uint8Array(length))).toThrow(/EME takes/);
});
