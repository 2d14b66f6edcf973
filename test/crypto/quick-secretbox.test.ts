import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { loadPoly1305 } from '../../src/crypto/poly1305.ts';
import { type Box, computesTheSame } from '../../src/crypto/quick.ts';
import { loadQuickSecretbox, opensParts } from '../../src/crypto/quick-secretbox.ts';
import { nonceSize } from '../../src/crypto/secretbox.ts';

const binding = createRequire(import.meta.url)(
  `sodium-native/prebuilds/${process.platform}-${process.arch}/sodium-native.node`,
);
const quick = loadQuickSecretbox(binding);
const libsodium: Box = {
  seal: (out, plain, nonce, key) => binding.crypto_secretbox_easy(out, plain, nonce, key),
  open: (out, box, nonce, key) => binding.crypto_secretbox_open_easy(out, box, nonce, key),
};

test('Poly1305 gives the tag of RFC 8439, section 2.5.2', () => {
  const key = Buffer.from('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b', 'hex');
  const tag = new Uint8Array(16);
  loadPoly1305()(tag, Buffer.from('Cryptographic Forum Research Group'), key);
  expect(Buffer.from(tag).toString('hex')).toBe('a8061dc1305136c6c22b8baf0c0127a9');
});

test('Poly1305 writes by address only where the lengths fit', () => {
  const poly1305 = loadPoly1305();
  expect(() => poly1305(new Uint8Array(15), new Uint8Array(1), new Uint8Array(32))).toThrow(RangeError);
  expect(() => poly1305(new Uint8Array(16), new Uint8Array(1), new Uint8Array(31))).toThrow(RangeError);
});

test('what computes otherwise is not taken', () => {
  expect(computesTheSame(quick, libsodium, nonceSize)).toBe(true);
  const flipping: Box = {
    ...quick,
    seal(out, ...rest) {
      quick.seal(out, ...rest);
      out[20] = (out[20] ?? 0) ^ 1;
    },
  };
  const trusting: Box = { ...quick, open: (out, ...rest) => quick.open(out, ...rest) || true };
  expect(computesTheSame(flipping, libsodium, nonceSize)).toBe(false);
  expect(computesTheSame(trusting, libsodium, nonceSize)).toBe(false);
});

test('what opens other parts than were asked for is not taken', () => {
  expect(opensParts(quick)).toBe(true);
  expect(opensParts({ ...quick, openPart: (out, box, _from, ...rest) => quick.openPart(out, box, 0, ...rest) })).toBe(
    false,
  );
});
