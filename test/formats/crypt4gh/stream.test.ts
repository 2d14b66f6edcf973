import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, collect, concat, type Range, type Source, sourceOf } from '../../../src/core/bytes.ts';
import { newKeyPair } from '../../../src/crypto/x25519.ts';
import { chunkSealer } from '../../../src/formats/crypt4gh/body.ts';
import { openBytes } from '../../../src/formats/crypt4gh/file.ts';
import { openHeader, parseHeader, sealHeader } from '../../../src/formats/crypt4gh/header.ts';
import { chunk, growth, plainSize } from '../../../src/formats/crypt4gh/layout.ts';
import {
  newSealedFile,
  type OpenStreamOptions,
  openRange,
  openStream,
  sealedSource,
  sealStream,
} from '../../../src/formats/crypt4gh/stream.ts';
import { patterned } from '../../contract/remote/bench.ts';
import { pieces } from '../rclone-crypt/streams.ts';

const reader = newKeyPair();
const headerLength = 124;
const sameBytes = (a: Uint8Array, b: Uint8Array) => expect(Buffer.compare(a, b)).toBe(0);
const seal = (plain: Uint8Array, lengths = [1 << 20], file = newSealedFile([reader.public])) =>
  collect(sealStream(file, pieces(plain, lengths)));
const open = (sealed: Uint8Array, options: Partial<OpenStreamOptions> = {}, lengths = [1 << 20]) =>
  collect(openStream(pieces(sealed, lengths), reader, { path: 'a/b', ...options }));

describe('a sealed stream', () => {
  test('does not depend on how it is cut', async () => {
    const plain = patterned(150_000);
    const file = newSealedFile([reader.public]);
    const sealed = await seal(plain, [1 << 20], file);
    sameBytes(openBytes(sealed, reader).plain, plain);
    const lengths = fc.array(fc.oneof(fc.nat(40), fc.nat(70_000), fc.constantFrom(0, 1, 124, 65_536, 65_564)), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(lengths, async (cuts) => {
        const someCuts = [...cuts, 20_000];
        sameBytes(await seal(plain, someCuts, file), sealed);
        sameBytes(await open(sealed, {}, someCuts), plain);
      }),
      { numRuns: 30 },
    );
    sameBytes(await open(await seal(plain, [1], file), {}, [1]), plain);
  });

  test.for([0, 1, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 1])('of %i bytes opens to what it was', async (size) => {
    const plain = patterned(size);
    const sealed = await seal(plain);
    expect(plainSize(sealed.length, headerLength)).toBe(size);
    sameBytes(await open(sealed), plain);
  });

  test('gives any range of its bytes, from a stream and by reading only what is needed', async () => {
    const plain = patterned(chunk.plain * 3 + 77);
    const sealed = await seal(plain);
    const { source, asked } = watched(sealed);
    const { packets, length } = parseHeader(sealed, 'a/b');
    const header = { ...openHeader(packets, reader, 'a/b'), length };
    await fc.assert(
      fc.asyncProperty(someRange(plain.length), async (range) => {
        const expected = plain.subarray(range.start, range.end);
        sameBytes(await open(sealed, { range }, [9999]), expected);
        asked.length = 0;
        sameBytes(await collect(openRange(source, header, range, { path: 'a/b' })), expected);
        expect(asked.length).toBeLessThanOrEqual(1);
        for (const { start, end = sealed.length } of asked) {
          expect((start - length) % chunk.sealed).toBe(0);
          expect(Math.min(end, sealed.length) - start).toBeLessThan(expected.length + 2 * chunk.sealed + 4 * growth);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('tells which chunk is bad and gives nothing of it, or zeros where that is asked for', async () => {
    const plain = patterned(chunk.plain * 2 + 5);
    const sealed = await seal(plain);
    for (const index of [0, 2]) flip(sealed, headerLength + index * chunk.sealed + 20);
    await expect(open(sealed)).rejects.toMatchObject({
      kind: 'corrupt',
      message: 'cannot open chunk 0 of a/b: corrupt data (its plain bytes 0 to 65535)',
    });
    sameBytes(
      await open(sealed, { range: { start: chunk.plain, end: chunk.plain + 9 }, onBadChunk: () => {} }),
      plain.subarray(chunk.plain, chunk.plain + 9),
    );
    const bad: string[] = [];
    const zeroed = plain
      .slice()
      .fill(0, 0, chunk.plain)
      .fill(0, chunk.plain * 2);
    sameBytes(await open(sealed, { onBadChunk: (message) => bad.push(message) }), zeroed);
    expect(bad).toEqual([
      'cannot open chunk 0 of a/b: corrupt data (its plain bytes 0 to 65535)',
      'cannot open chunk 2 of a/b: corrupt or cut data (its plain bytes 131072 to 131076)',
    ]);
  });

  test('of chunks with different data keys opens with those that its header gives', async () => {
    const keys = [1, 2, 3].map(() => randomBytes(32));
    const plain = patterned(chunk.plain * 5 + 1);
    const body = concat(
      [0, 0, 1, 2, 2, 0].map((key, index) => {
        const part = plain.subarray(index * chunk.plain, (index + 1) * chunk.plain);
        const out = new Uint8Array(part.length + growth);
        chunkSealer({ dataKey: keys[key] as Uint8Array, nonce: randomBytes(12) }, index)(out, part);
        return out;
      }),
    );
    const header = (...dataKeys: Uint8Array[]) => sealHeader({ dataKeys, edits: null }, newKeyPair(), [reader.public]);
    sameBytes(await open(concat([header(...keys), body])), plain);
    await expect(open(concat([header(...keys.slice(0, 2)), body]))).rejects.toThrow('cannot open chunk 3');
  });

  test('can be held to one sender', async () => {
    const maker = newKeyPair();
    const sealed = await seal(patterned(10), [1000], newSealedFile([reader.public], maker));
    expect(await open(sealed, { sender: maker.public })).toHaveLength(10);
    await expect(open(sealed, { sender: reader.public })).rejects.toMatchObject({ kind: 'denied' });
  });
});

test.for([
  ['that is for somebody else', newKeyPair(), { start: 0 }, 'not sealed to your key'],
  ['of which nothing is wanted', reader, { start: 5, end: 5 }, null],
  ['of which the start is wanted', reader, { start: 0, end: 5 }, null],
  ['of which an impossible range is wanted', reader, { start: 5, end: 4 }, 'there is no range'],
] as const)('a stream %s is closed', async ([, key, range, message]) => {
  const sealed = await seal(patterned(300_000));
  let isClosed = false;
  async function* source() {
    try {
      yield* pieces(sealed, [50_000]);
    } finally {
      isClosed = true;
    }
  }
  const opening = collect(openStream(source(), key, { path: 'a/b', range }));
  if (message === null) expect(await opening).toHaveLength(range.start === 0 ? 5 : 0);
  else await expect(opening).rejects.toThrow(message);
  expect(isClosed).toBe(true);
});

test('any part of a sealed source is the same bytes each time', async () => {
  const plain = patterned(chunk.plain * 2 + 99);
  const file = newSealedFile([reader.public]);
  const sealed = await seal(plain, [1 << 20], file);
  const source = sealedSource(file, sourceOf(plain));
  expect(source.size).toBe(sealed.length);
  sameBytes(await collect(source.open()), sealed);
  await fc.assert(
    fc.asyncProperty(someRange(sealed.length), async (range) => {
      sameBytes(await collect(source.open(range)), sealed.subarray(range.start, range.end));
    }),
    { numRuns: 40 },
  );
});

test('a length that no file has is refused', () => {
  for (const size of [headerLength - 1, headerLength + 1, headerLength + 28, headerLength + chunk.sealed + 28]) {
    expect(() => plainSize(size, headerLength)).toThrow(expect.objectContaining({ kind: 'corrupt' }));
  }
  expect(plainSize(headerLength, headerLength)).toBe(0);
});

function someRange(size: number): fc.Arbitrary<Range> {
  const position = fc.oneof(
    fc.nat(size + 10),
    fc.constantFrom(0, 1, chunk.plain - 1, chunk.plain, chunk.plain + 1, size),
  );
  return fc.tuple(position, position).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
}

function watched(data: Uint8Array): { readonly source: Source; readonly asked: Range[] } {
  const asked: Range[] = [];
  const plain = sourceOf(data);
  const open = (range: Range = { start: 0 }): Bytes => {
    asked.push(range);
    return plain.open(range);
  };
  return { source: { ...plain, open }, asked };
}

function flip(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}
