import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainSize, sealedSize } from '../../../src/formats/rclone-crypt/layout.ts';

// TestEncryptedSize and TestDecryptedSize in rclone's cipher_test.go.
test('sizes are those of rclone', () => {
  const vectors = [
    [0, 32],
    [1, 32 + 17],
    [65_536, 32 + 65_552],
    [65_537, 32 + 65_552 + 17],
    [2 ** 20, 32 + 16 * 65_552],
    [2 ** 20 + 65_535, 32 + 16 * 65_552 + 16 + 65_535],
    [2 ** 30, 32 + 16_384 * 65_552],
    [2 ** 40 + 1, 32 + 2 ** 24 * 65_552 + 17],
  ] as const;
  for (const [plain, sealed] of vectors) {
    expect(sealedSize(plain)).toBe(sealed);
    expect(plainSize(sealed)).toBe(plain);
  }
});

test('every size comes back from its sealed size', () => {
  fc.assert(fc.property(fc.nat(2 ** 45), (size) => plainSize(sealedSize(size)) === size));
});

test.for([0, 1, 7, 31, 33, 48, 32 + 65_552 + 1, 32 + 65_552 + 16])('%i bytes are no sealed file', (size) => {
  expect(() => plainSize(size)).toThrow(expect.objectContaining({ kind: 'corrupt' }));
});
