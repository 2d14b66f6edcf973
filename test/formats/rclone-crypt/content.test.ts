import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Bytes, collect } from '../../../src/core/bytes.ts';
import { type Engine, loadEngine } from '../../../src/crypto/engine.ts';
import { type ContentCipher, openChunks, openContent, sealContent } from '../../../src/formats/rclone-crypt/content.ts';
import { chunk, headerLength, plainSize, sealedSize } from '../../../src/formats/rclone-crypt/layout.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { countingNonce, openWhole, pieces, sealWhole, zeroCipher } from './streams.ts';

const sizes = [0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 131_072, 131_073, (1 << 20) - 1, 1 << 20, (1 << 20) + 1];
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const streamOf = (data: Uint8Array): Bytes => ({ [Symbol.asyncIterator]: () => pieces(data, [9999]) });
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe.for(['native', 'portable'] as const)('content, %s engine', (name) => {
  let engine: Engine;
  let cipher: ContentCipher;
  beforeAll(async () => {
    engine = await loadEngine({ COFFER_ENGINE: name });
    cipher = zeroCipher(engine);
  });

  // file0, file1 and file16 in rclone's cipher_test.go.
  test('is sealed as rclone seals it', async () => {
    const header = Buffer.concat([Buffer.from('RCLONE\0\0'), countingNonce]);
    const box1 = hex('095b446cd6237bbcb08d09fb524ce565 aa');
    const box16 = hex('b9c4552a2710062918960a3e608c29b9 aa8a5e1e165b6d075de4e9bb367fd6d4');
    const sixteen = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    expect(Buffer.from(await sealWhole(cipher, new Uint8Array(0))).equals(header)).toBe(true);
    expect(Buffer.from(await sealWhole(cipher, Uint8Array.of(1))).equals(Buffer.concat([header, box1]))).toBe(true);
    expect(Buffer.from(await sealWhole(cipher, sixteen)).equals(Buffer.concat([header, box16]))).toBe(true);
  });

  test.for(name === 'native' ? sizes : [0, 1, 65_536, 131_073])('of %i bytes opens to what it was', async (size) => {
    const plain = patterned(size);
    const sealed = await sealWhole(cipher, plain);
    expect(sealed).toHaveLength(sealedSize(size));
    expect(sha256(await openWhole(cipher, sealed))).toBe(sha256(plain));
  });
});

describe('content', () => {
  let cipher: ContentCipher;
  beforeAll(async () => {
    cipher = zeroCipher(await loadEngine({}));
  });

  test('does not depend on how the stream is cut', async () => {
    const plain = patterned(150_000);
    const sealed = await sealWhole(cipher, plain);
    const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(70_000), fc.constantFrom(0, 1, 32, 65_536, 65_552)), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(lengths, async (cuts) => {
        const someCuts = [...cuts, 20_000];
        expect(Buffer.compare(await sealWhole(cipher, plain, someCuts), sealed)).toBe(0);
        expect(Buffer.compare(await openWhole(cipher, sealed, someCuts), plain)).toBe(0);
      }),
      { numRuns: 50 },
    );
    expect(Buffer.compare(await openWhole(cipher, await sealWhole(cipher, plain, [1]), [1]), plain)).toBe(0);
  });

  test('is the same whole as in pieces, and fails the same', async () => {
    const hasHeader = { hasHeader: true, firstChunk: 0 };
    const atOnce = (data: Uint8Array): Bytes => ({ ...streamOf(data), whole: () => data });
    for (const size of sizes.slice(0, 10)) {
      const plain = patterned(size);
      const sealed = await sealContent(cipher, countingNonce, atOnce(plain), hasHeader).whole?.();
      expect(sealed && Buffer.compare(sealed, await sealWhole(cipher, plain))).toBe(0);
      const opened = await openContent(cipher, atOnce(sealed ?? plain), { path: 'x' }).whole?.();
      expect(opened && Buffer.compare(opened, plain)).toBe(0);
    }
    const sealed = await sealWhole(cipher, patterned(70_000));
    for (const cut of [0, 8, 31, 33, 47, 48, 49, 65_583, 65_584, 65_585, 65_599, 65_600, 65_601, 70_063]) {
      const stub = sealed.slice(0, cut);
      const failure = await openWhole(cipher, stub, undefined, 'x').then(
        () => null,
        (error: unknown) => error,
      );
      const whole = async () => openContent(cipher, atOnce(stub), { path: 'x' }).whole?.();
      if (failure) await expect(whole(), `cut at ${cut}`).rejects.toEqual(failure);
      else await expect(whole(), `cut at ${cut}`).resolves.toHaveLength(plainSize(cut));
    }
    const tooLong: Bytes = { ...streamOf(sealed), whole: () => null };
    expect(await openContent(cipher, tooLong, { path: 'x' }).whole?.()).toBeNull();
    expect(openContent(cipher, streamOf(sealed), { path: 'x' }).whole).toBeUndefined();
  });

  test('comes in pieces that grow to 16 chunks, and in one of its own length where it is short', async () => {
    const lengthsOf = async (size: number): Promise<number[]> => {
      const sealed = await sealWhole(cipher, patterned(size), [10_000]);
      const lengths: number[] = [];
      for await (const piece of openContent(cipher, pieces(sealed, [10_000]), { path: 'x' }))
        lengths.push(piece.length);
      return lengths;
    };
    expect(await lengthsOf(1234)).toEqual([1234]);
    expect(await lengthsOf(chunk.plain)).toEqual([chunk.plain]);
    expect(await lengthsOf(chunk.plain * 22 + 5)).toEqual(
      [1, 4, 16].map((chunks) => chunks * chunk.plain).concat(chunk.plain + 5),
    );
  });

  test('can be opened from any chunk on', async () => {
    const plain = patterned(chunk.plain * 3 + 77);
    const sealed = await sealWhole(cipher, plain);
    for (const first of [0, 1, 2, 3]) {
      const rest = sealed.subarray(headerLength + first * chunk.sealed);
      const options = { path: 'x' };
      const opened = await collect(openChunks(cipher, countingNonce, pieces(rest, [9999]), first, options));
      expect(Buffer.compare(opened, plain.subarray(first * chunk.plain))).toBe(0);
    }
  });

  test('with any byte changed does not open', async () => {
    const sealed = await sealWhole(cipher, patterned(40));
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice();
      changed[i] = (changed[i] ?? 0) ^ 0x10;
      const expected =
        i < 8
          ? /not a file that rclone's crypt encrypted/
          : /^cannot open chunk 0 of a\/b\.txt: wrong password or corrupt data$/;
      await expect(openWhole(cipher, changed)).rejects.toMatchObject({
        kind: 'corrupt',
        path: 'a/b.txt',
        message: expect.stringMatching(expected),
      });
    }
  });

  test('cut at any length does not open, but for the ends of chunks, which the format cannot tell', async () => {
    const plain = patterned(chunk.plain + 20);
    const sealed = await sealWhole(cipher, plain);
    const near = (at: number) => Array.from({ length: 60 }, (_, i) => at - 30 + i);
    const ends = [...near(30), ...near(headerLength + chunk.sealed), ...near(sealed.length - 31)];
    for (const end of ends) {
      const opened = openWhole(cipher, sealed.subarray(0, end));
      if (end === headerLength) expect(await opened).toHaveLength(0);
      else if (end === headerLength + chunk.sealed) expect(await opened).toHaveLength(chunk.plain);
      else await expect(opened, `cut at ${end}`).rejects.toMatchObject({ kind: 'corrupt', path: 'a/b.txt' });
    }
  });

  test('gives out nothing of a chunk that does not open', async () => {
    const sealed = await sealWhole(cipher, patterned(chunk.plain * 20));
    sealed[headerLength + chunk.sealed * 17] = (sealed[headerLength + chunk.sealed * 17] ?? 0) ^ 1;
    let given = 0;
    const reading = (async () => {
      const opened = openContent(cipher, pieces(sealed, [100_000]), { path: 'x' });
      for await (const piece of opened) given += piece.length;
    })();
    await expect(reading).rejects.toThrow('cannot open chunk 17 of x');
    expect(given).toBe(chunk.plain * 5);
  });

  test('with bad chunks passes as zeros where that is asked for, each reported', async () => {
    const plain = patterned(chunk.plain * 2 + 5);
    const sealed = await sealWhole(cipher, plain);
    for (const index of [0, 2]) sealed[headerLength + index * chunk.sealed] = 0xff;
    const bad: string[] = [];
    const options = { path: 'x', onBadChunk: (message: string) => bad.push(message) };
    const opened = await collect(openContent(cipher, pieces(sealed, [4096]), options));
    expect(bad).toEqual([0, 2].map((index) => `cannot open chunk ${index} of x: wrong password or corrupt data`));
    const expected = plain
      .slice()
      .fill(0, 0, chunk.plain)
      .fill(0, chunk.plain * 2);
    expect(Buffer.compare(opened, expected)).toBe(0);
  });
});
