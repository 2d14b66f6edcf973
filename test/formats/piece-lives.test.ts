import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, concat, watched } from '../../src/core/bytes.ts';
import { createPace, paced } from '../../src/core/pace.ts';
import { startOf, wholeStream } from '../../src/core/stream-start.ts';
import { readerOf } from '../../src/formats/byte-reader.ts';
import { convertChunks, slicePieces } from '../../src/formats/chunk-stream.ts';
import { keepSpans } from '../../src/formats/crypt4gh/edits.ts';
import { gather } from '../../src/formats/gather.ts';
import { cutStream } from '../../src/remotes/swift/cut-stream.ts';
import { patterned } from '../contract/remote/bench.ts';
import { collectLate, pieces } from './rclone-crypt/streams.ts';

const spans = [
  { start: 10, end: 700_000 },
  { start: 700_005, end: 700_006 },
  { start: 1_900_000, end: 2_300_000 },
];
const plusOne = (out: Uint8Array, chunk: Uint8Array): void => {
  for (let i = 0; i < chunk.length; i++) out[i] = (chunk[i] as number) + 1;
};

async function* allParts(parts: AsyncIterable<{ open(): Bytes }>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield* part.open();
}

async function* restOf(bytes: Bytes): AsyncGenerator<Uint8Array> {
  const reader = readerOf(bytes);
  yield await reader.take(1000);
  yield* reader.rest();
}

async function* startAndRest(bytes: Bytes): AsyncGenerator<Uint8Array> {
  yield* wholeStream(await startOf(bytes, 300_000)).open();
}

const data = patterned(2_500_000);
const kept = concat(spans.map(({ start, end }) => data.subarray(start, end)));
const streams: readonly [name: string, through: (bytes: Bytes) => Bytes, expected: Uint8Array][] = [
  ['is gathered', gather, data],
  ['is kept in spans', (bytes) => keepSpans(bytes, spans), kept],
  ['is sliced', (bytes) => slicePieces(bytes, 900_000, 900_000), data.subarray(900_000, 1_800_000)],
  ['is watched', (bytes) => watched(bytes, {}), data],
  ['is read by fields', restOf, data],
  ['is cut in parts', (bytes) => allParts(cutStream(bytes, 600_000)), data],
  ['is looked at before', startAndRest, data],
  ['is paced', (bytes) => paced(bytes, [createPace(() => 0)]), data],
  [
    'is converted',
    (bytes) => convertChunks(bytes, { chunkLength: 1000, growth: 0, convert: plusOne }),
    data.map((byte) => byte + 1),
  ],
];

// A piece may be written while the next one is made: see `Bytes`.
describe('a stream whose pieces are used as late as they may be, and spoilt as early', () => {
  test.for(streams)('%s', async ([, through, expected]) => {
    const length = fc.oneof(
      fc.constantFrom(1, 1 << 20),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 1 << 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(length, { minLength: 1, maxLength: 6 }), async (lengths) => {
        const bytes = through(pieces(data, [...lengths, 300_000]));
        expect(Buffer.compare(await collectLate(bytes), expected)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
