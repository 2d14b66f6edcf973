import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { collect, onceSource, sourceOf } from '../../../src/core/bytes.ts';
import { loadEngine } from '../../../src/crypto/engine.ts';
import type { ContentCipher } from '../../../src/formats/rclone-crypt/content.ts';
import { chunk, headerLength } from '../../../src/formats/rclone-crypt/layout.ts';
import { sealedSource } from '../../../src/formats/rclone-crypt/sealed-source.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { countingNonce, openWhole, pieces, sealWhole, zeroCipher } from './streams.ts';

let cipher: ContentCipher;
beforeAll(async () => {
  cipher = zeroCipher(await loadEngine({}));
});

test('any range is the slice of the whole, again and again', async () => {
  const plain = patterned(chunk.plain * 2 + 100);
  const whole = await sealWhole(cipher, plain);
  const source = sealedSource(cipher, countingNonce, sourceOf(plain));
  expect(source).toMatchObject({ size: whole.length, replayable: true });
  expect(Buffer.compare(await collect(source.open()), whole)).toBe(0);
  const edges = [0, headerLength, headerLength + chunk.sealed, headerLength + 2 * chunk.sealed, whole.length];
  const offset = fc.oneof(
    fc.nat(whole.length),
    fc.tuple(fc.constantFrom(...edges), fc.integer({ min: -17, max: 17 })).map(([edge, by]) => Math.max(0, edge + by)),
  );
  await fc.assert(
    fc.asyncProperty(offset, fc.option(offset, { nil: undefined }), async (a, b) => {
      const start = b === undefined ? a : Math.min(a, b);
      const range = b === undefined ? { start } : { start, end: Math.max(a, b) };
      const part = await collect(source.open(range));
      expect(Buffer.compare(part, whole.subarray(start, b === undefined ? undefined : range.end))).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('a pipe stays a pipe', async () => {
  const plain = patterned(100_000);
  const source = sealedSource(cipher, countingNonce, onceSource(pieces(plain, [777])));
  expect(source).toMatchObject({ size: null, replayable: false });
  expect(Buffer.compare(await openWhole(cipher, await collect(source.open())), plain)).toBe(0);
  expect(() => source.open()).toThrow('a pipe can be read only once');
});

test('a pipe of limited length stays so, and becomes no longer than it says', async () => {
  const plain = patterned(100_000);
  const atMost = plain.length;
  const pipe = { ...onceSource(pieces(plain, [777])), atMost };
  const sealed = sealedSource(cipher, countingNonce, pipe);
  expect(sealed.atMost).toBe((await collect(sealed.open())).length);
});

test('a sealed source does not tell the MD5 of what it seals', () => {
  const plain = { ...sourceOf(patterned(10)), md5: async () => 'of the plain bytes' };
  expect(sealedSource(cipher, countingNonce, plain).md5).toBeUndefined();
});
