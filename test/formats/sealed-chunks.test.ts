import { beforeAll, describe, expect, test } from 'vitest';
import { collect, type Source, sourceOf } from '../../src/core/bytes.ts';
import { loadEngine } from '../../src/crypto/engine.ts';
import { newKeyPair } from '../../src/crypto/x25519.ts';
import { newSealedFile, sealedSource as sealedCrypt4gh } from '../../src/formats/crypt4gh/stream.ts';
import type { ContentCipher } from '../../src/formats/rclone-crypt/content.ts';
import { sealedSource } from '../../src/formats/rclone-crypt/sealed-source.ts';
import { patterned } from '../contract/remote/bench.ts';
import { countingNonce, zeroCipher } from './rclone-crypt/streams.ts';

const chunk = 65_536;

let cipher: ContentCipher;
beforeAll(async () => {
  cipher = zeroCipher(await loadEngine({}));
});

const formats: Readonly<Record<string, (plain: Source) => Source>> = {
  crypt: (plain) => sealedSource(cipher, countingNonce, plain),
  Crypt4GH: (plain) => sealedCrypt4gh(newSealedFile([newKeyPair().public]), plain),
};

describe.each(Object.entries(formats))('a source that is sealed as %s', (_, seal) => {
  test('gives no chunk away that was sealed to something else before', async () => {
    const plain = patterned(3 * chunk + 100);
    for (const changed of [0, chunk + 7, 3 * chunk + 99]) {
      const bytes = plain.slice();
      const sealed = seal(sourceOf(bytes));
      const first = await collect(sealed.open());
      bytes[changed] = (bytes[changed] ?? 0) ^ 1;
      const got: Uint8Array[] = [];
      const again = async (): Promise<void> => {
        for await (const piece of sealed.open()) got.push(piece.slice());
      };
      await expect(again()).rejects.toMatchObject({ kind: 'changed' });
      const given = Buffer.concat(got);
      expect(Buffer.compare(given, first.subarray(0, given.length))).toBe(0);
      expect(given.length).toBeLessThan(first.length - (plain.length - changed));
    }
  });

  test('gives parts in any order, which share chunks', async () => {
    const sealed = seal(sourceOf(patterned(40 * chunk + 1)));
    const whole = await collect(sealed.open());
    for (const [start, end] of [
      [2_000_000, 2_000_100],
      [0, 70_000],
      [60_000, 2_500_000],
      [whole.length - 5, whole.length],
    ] as const) {
      const part = await collect(sealed.open({ start, end }));
      expect(Buffer.compare(part, whole.subarray(start, end))).toBe(0);
    }
  });

  test('gives up where a later part shares a chunk that has changed', async () => {
    const bytes = patterned(4 * chunk);
    const sealed = seal(sourceOf(bytes));
    await collect(sealed.open({ start: 0, end: 100_000 }));
    bytes[chunk + 1] = (bytes[chunk + 1] ?? 0) ^ 1;
    await expect(collect(sealed.open({ start: 100_000, end: 200_000 }))).rejects.toMatchObject({ kind: 'changed' });
  });
});
