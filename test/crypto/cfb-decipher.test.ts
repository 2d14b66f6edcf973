import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { concat } from '../../src/core/bytes.ts';
import { createCfbDecipher } from '../../src/crypto/cfb-decipher.ts';

const blockSize = 16;

/** What comes out of `update`, copied as it may be written over, and of `final`. */
function decipher(sealed: Uint8Array, key: Uint8Array, pieceSize: number, heldBack?: number) {
  const work = createCfbDecipher({ cipher: `aes-${8 * key.length}-cfb`, key }, heldBack);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < sealed.length; at += pieceSize) {
    pieces.push(Uint8Array.from(work.update(sealed.subarray(at, at + pieceSize))));
  }
  return { early: concat(pieces), late: work.final() };
}

function seal(plain: Uint8Array, key: Uint8Array): Uint8Array {
  return createCipheriv(`aes-${8 * key.length}-cfb`, key, Buffer.alloc(blockSize)).update(plain);
}

test("NIST's vector of CFB128 with AES-256 opens (SP 800-38A, F.3.18)", () => {
  // Its nonce stands where our stream, whose own is zero, has its first block.
  const key = Buffer.from('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', 'hex');
  const nonce = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const sealed = Buffer.from(
    'dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b' +
      'df10132415e54b92a13ed0a8267ae2f975a385741ab9cef82031623d55b1e471',
    'hex',
  );
  const plain =
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';
  const { early, late } = decipher(concat([nonce, sealed]), key, 5);
  expect(Buffer.from(concat([early, late]).subarray(blockSize)).toString('hex')).toBe(plain);
});

test.each([16, 24, 32])('what node seals with a key of %i bytes opens in pieces of any length', (keySize) => {
  const key = randomBytes(keySize);
  for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 500]) {
    const plain = randomBytes(length);
    for (const pieceSize of [1, 7, 16, 17, 100, 1000]) {
      const { early, late } = decipher(seal(plain, key), key, pieceSize);
      expect(concat([early, late]), `${length} bytes by ${pieceSize}`).toEqual(Uint8Array.from(plain));
    }
  }
});

test('pieces that are longer than a step open, wherever they lie in memory', () => {
  const key = randomBytes(32);
  const plain = randomBytes(700_001);
  const sealed = concat([new Uint8Array(3), seal(plain, key)]).subarray(3);
  for (const pieceSize of [65_535, 65_537, 300_000, 700_001]) {
    const { early, late } = decipher(sealed, key, pieceSize);
    expect(Buffer.compare(concat([early, late]), plain), `by ${pieceSize}`).toBe(0);
  }
});

test('what is held back comes at the end only, and all of a stream that is shorter', () => {
  const key = randomBytes(32);
  for (const length of [0, 5, 21, 22, 23, 37, 38, 39, 400]) {
    const plain = randomBytes(length);
    for (const pieceSize of [1, 16, 22, 300]) {
      const { early, late } = decipher(seal(plain, key), key, pieceSize, 22);
      expect(late.length).toBeGreaterThanOrEqual(Math.min(length, 22));
      expect(concat([early, late])).toEqual(Uint8Array.from(plain));
    }
  }
});

test('a piece stays as it is while the next is made', () => {
  const key = randomBytes(32);
  const plain = randomBytes(96);
  const sealed = seal(plain, key);
  const work = createCfbDecipher({ cipher: 'aes-256-cfb', key });
  const first = work.update(sealed.subarray(0, 48));
  work.update(sealed.subarray(48, 50));
  work.update(sealed.subarray(50));
  expect(Buffer.compare(first, plain.subarray(0, 48))).toBe(0);
});
