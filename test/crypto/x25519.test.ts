import { expect, test } from 'vitest';
import { exchangeKey } from '../../src/crypto/key-exchange.ts';
import { agree, keyPairOf, newKeyPair } from '../../src/crypto/x25519.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const text = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('hex');

// RFC 7748, section 6.1.
const alice = keyPairOf(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
const bob = keyPairOf(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));

test('a pair agrees with another on what RFC 7748 says', () => {
  expect(text(alice.public)).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
  expect(text(bob.public)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
  for (const shared of [agree(alice, bob.public), agree(bob, alice.public), agree({ ...alice }, bob.public)]) {
    expect(text(shared)).toBe('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
  }
});

test('new pairs differ', () => {
  expect(text(newKeyPair().secret)).not.toBe(text(newKeyPair().secret));
});

// 0, 1 and p − 1: points of order 1, 4 and 2 on the curve or its twist.
test.for(['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`])(
  'nothing is agreed with the point of small order %s',
  (point) => {
    expect(agree(alice, hex(point))).toBeNull();
    expect(exchangeKey('writer', alice, hex(point))).toBeNull();
  },
);

test('keys of other lengths are refused', () => {
  expect(agree(alice, new Uint8Array(31))).toBeNull();
  expect(agree(alice, new Uint8Array(33))).toBeNull();
  expect(() => keyPairOf(new Uint8Array(31))).toThrow('a secret key has 32 bytes, not 31');
});

test('a reader and a writer get one key, which the other way round is another', () => {
  const key = text(exchangeKey('reader', alice, bob.public));
  expect(key).toHaveLength(64);
  expect(text(exchangeKey('writer', bob, alice.public))).toBe(key);
  expect(text(exchangeKey('writer', alice, bob.public))).not.toBe(key);
});
