import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { collect, sourceOf } from '../../src/core/bytes.ts';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { type Seal, sealWith } from '../../src/packing/seal.ts';
import { compress, compressedBound } from '../../src/packing/zstd.ts';

const seals: Record<string, Seal | null> = {
  nothing: null,
  gpg: { kind: 'gpg', password: 'secret' },
  'Crypt4GH, two recipients': { kind: 'c4gh', recipients: [newKeyPair().public, newKeyPair().public] },
};

test.for(Object.keys(seals))('under %s, a stream is as long as it says, and at most what it says', async (name) => {
  const plain = randomBytes(200_000);
  const bytes = () => sourceOf(plain).open();
  const known = sealWith(seals[name] ?? null, { bytes: bytes(), size: plain.length });
  expect(known.size).toBe((await collect(known.bytes)).length);
  const limited = sealWith(seals[name] ?? null, { bytes: bytes(), size: null, atMost: plain.length });
  expect(limited.size).toBeNull();
  expect(limited.atMost).toBe((await collect(limited.bytes)).length);
});

test.for([0, 1, 1000, 5_000_000])('%i bytes that cannot be compressed stay below the bound', async (size) => {
  const packed = await collect(compress(sourceOf(randomBytes(size)).open(), new AbortController().signal));
  expect(packed.length).toBeLessThanOrEqual(compressedBound(size));
});
