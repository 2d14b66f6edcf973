import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChunkSizes, plainRange, sealedRange } from '../../src/formats/chunked.ts';

const rclone: ChunkSizes = { plain: 65_536, sealed: 65_552 };
const small: ChunkSizes = { plain: 10, sealed: 13 };
const header = 32;

const block = 65_536;
const sealedBlock = 65_552;

// TestDecrypterCalculateUnderlying of rclone: offset, limit → underlying offset and limit, discard, blocks.
const vectors = [
  [0, -1, 0, -1, 0, 0],
  [1, -1, 0, -1, 1, 0],
  [block - 1, -1, 0, -1, block - 1, 0],
  [block, -1, sealedBlock, -1, 0, 1],
  [block + 1, -1, sealedBlock, -1, 1, 1],
  [0, 1, 0, 1, 0, 0],
  [block - 1, 1, 0, 1, block - 1, 0],
  [block, 1, sealedBlock, 1, 0, 1],
  [block - 1, 100, 0, 2, block - 1, 0],
  [0, block - 1, 0, 1, 0, 0],
  [block - 1, block - 1, 0, 2, block - 1, 0],
  [0, block, 0, 1, 0, 0],
  [1, block, 0, 2, 1, 0],
  [block, block, sealedBlock, 1, 0, 1],
  [0, block + 1, 0, 2, 0, 0],
  [block + 1, block + 1, sealedBlock, 2, 1, 1],
] as const;

describe('the sealed range of a plain range', () => {
  test('is the one that rclone computes', () => {
    for (const [offset, limit, start, chunks, skip, firstChunk] of vectors) {
      const range = limit < 0 ? { start: offset } : { start: offset, end: offset + limit };
      const end = limit < 0 ? Number.POSITIVE_INFINITY : header + start + chunks * sealedBlock;
      const take = limit < 0 ? Number.POSITIVE_INFINITY : limit;
      expect(sealedRange(rclone, header, range)).toEqual({ start: header + start, end, firstChunk, skip, take });
    }
  });

  test('covers the plain range and no chunk more', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (a, b) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) };
        const sealed = sealedRange(small, header, range);
        expect(sealed.take).toBe(range.end - range.start);
        expect(sealed.firstChunk * small.plain + sealed.skip).toBe(range.start);
        const opened = ((sealed.end - sealed.start) / small.sealed) * small.plain;
        expect(opened).toBeGreaterThanOrEqual(sealed.take === 0 ? 0 : sealed.skip + sealed.take);
        expect(opened).toBeLessThan(sealed.skip + sealed.take + small.plain);
      }),
    );
  });

  test.for([{ start: -1 }, { start: 5, end: 4 }])('is refused for %o', (range) => {
    expect(() => sealedRange(small, header, range)).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(() => plainRange(small, header, range)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

test('the plain range of a sealed range holds whole chunks that cover it', () => {
  expect(plainRange(small, header, { start: 0, end: 32 })).toEqual({
    start: 0,
    end: 0,
    firstChunk: 0,
    skip: 0,
    hasHeader: true,
  });
  expect(plainRange(small, header, { start: 31, end: 33 })).toMatchObject({ end: 10, skip: 31, hasHeader: true });
  expect(plainRange(small, header, { start: 32 + 13, end: 32 + 26 })).toEqual({
    start: 10,
    end: 20,
    firstChunk: 1,
    skip: 0,
    hasHeader: false,
  });
  expect(plainRange(small, header, { start: 32 + 14 })).toMatchObject({ start: 10, skip: 1 });
});
