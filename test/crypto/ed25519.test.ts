import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { toX25519Public, toX25519Secret } from '../../src/crypto/ed25519.ts';
import { keyPairOf } from '../../src/crypto/x25519.ts';

const sodium = createRequire(import.meta.url)('sodium-native');

test('Ed25519 keys become the X25519 keys that libsodium makes of them', () => {
  for (let i = 0; i < 50; i++) {
    const seed = randomBytes(32);
    const [publicKey, secretKey, x25519Public, x25519Secret] = [32, 64, 32, 32].map((size) => Buffer.alloc(size));
    sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
    sodium.crypto_sign_ed25519_pk_to_curve25519(x25519Public, publicKey);
    sodium.crypto_sign_ed25519_sk_to_curve25519(x25519Secret, secretKey);
    const converted = toX25519Secret(seed);
    expect(x25519Secret?.equals(converted)).toBe(true);
    expect(x25519Public?.equals(toX25519Public(publicKey as Buffer) ?? new Uint8Array(0))).toBe(true);
    expect(x25519Public?.equals(keyPairOf(converted).public)).toBe(true);
  }
});

test('what is no point of the curve is refused', () => {
  const point = (...bytes: number[]) => Uint8Array.from({ length: 32 }, (_, i) => bytes[i] ?? 0);
  expect(toX25519Public(point(2))).toBeNull(); // y = 2 has no x
  expect(toX25519Public(point(1))).toBeNull(); // the neutral element lies at infinity
  expect(toX25519Public(new Uint8Array(32).fill(0xff))).toBeNull(); // y is not reduced
  expect(toX25519Public(new Uint8Array(31))).toBeNull();
});
