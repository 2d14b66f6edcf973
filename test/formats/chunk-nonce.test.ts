import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advanceNonce, nonceOfChunk } from '../../src/formats/chunk-nonce.ts';

const nonce = (...bytes: number[]) => Uint8Array.from({ length: 24 }, (_, i) => bytes[i] ?? 0);

test('a nonce counts up through all of its 192 bits and wraps around', () => {
  for (let carries = 0; carries <= 24; carries++) {
    const value = new Uint8Array(24).fill(0xff, 0, carries);
    advanceNonce(value, 1);
    const expected = new Uint8Array(24);
    if (carries < 24) expected[carries] = 1;
    expect(value).toEqual(expected);
  }
});

test('a nonce takes any number of chunks at once', () => {
  const carried = nonce(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  advanceNonce(carried, 0xffff_ffff_ffff);
  expect(carried).toEqual(nonce(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), fc.maxSafeNat(), (first, count) => {
      const before = Buffer.from(first).reverse().toString('hex');
      const after = Buffer.from(nonceOfChunk(first, count)).reverse().toString('hex');
      expect(BigInt(`0x${after}`)).toBe((BigInt(`0x${before}`) + BigInt(count)) % 2n ** 192n);
    }),
  );
});

test('the nonce of a chunk leaves the first one as it was', () => {
  const first = Buffer.alloc(24, 0xff);
  nonceOfChunk(first, 5);
  expect(first.equals(Buffer.alloc(24, 0xff))).toBe(true);
});
