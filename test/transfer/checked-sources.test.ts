import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { collect, type Source, sourceOf } from '../../src/core/bytes.ts';
import { Failure } from '../../src/core/failure.ts';
import { digestingSource } from '../../src/transfer/digesting-source.ts';
import { verifiedSource } from '../../src/transfer/verified-source.ts';
import { patterned } from '../contract/remote/bench.ts';

const data = patterned(3000);
const sha256 = createHash('sha256').update(data).digest('hex');

/** Gives pieces of 1,000 bytes in two buffers that take turns, as streams may. */
function reusing(bytes: Uint8Array, size: number | null = bytes.length): Source {
  const buffers = [new Uint8Array(1000), new Uint8Array(1000)] as const;
  return {
    size,
    replayable: true,
    async *open({ start, end } = { start: 0 }) {
      for (let at = start; at < (end ?? bytes.length); at += 1000) {
        const piece = bytes.subarray(at, Math.min(at + 1000, end ?? bytes.length));
        const buffer = buffers[(at / 1000) % 2 === 0 ? 0 : 1];
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
      }
    },
  };
}

describe('a digesting source', () => {
  test('knows the digest of what was read whole, and reads what was not', async () => {
    let opened = 0;
    const source = sourceOf(data);
    const counting: Source = {
      ...source,
      open(range) {
        opened++;
        return source.open(range);
      },
    };
    const whole = digestingSource(counting);
    expect(await collect(whole.open())).toEqual(data);
    expect(await whole.digest()).toEqual({ size: 3000, sha256 });
    expect(opened).toBe(1);
    const parts = digestingSource(counting);
    expect(await collect(parts.open({ start: 0, end: 10 }))).toEqual(data.subarray(0, 10));
    expect(await parts.digest()).toEqual({ size: 3000, sha256 });
    expect(opened).toBe(3);
  });
});

describe('a verified source', () => {
  const unexpected = (why: string) => new Failure('corrupt', why);
  const expected = { size: data.length, sha256 };

  test('gives what is as expected, once', async () => {
    const source = verifiedSource(reusing(data), expected, unexpected);
    expect(source).toMatchObject({ size: data.length, replayable: false });
    expect(await collect(source.open())).toEqual(data);
    expect(() => source.open()).toThrow('only once');
    const nothing = { size: 0, sha256: createHash('sha256').digest('hex') };
    expect(await collect(verifiedSource(sourceOf(new Uint8Array(0)), nothing, unexpected).open())).toHaveLength(0);
  });

  test('never gives the end of what is not', async () => {
    const other = data.slice();
    other.set(data.subarray(0, 1000), 1000);
    other.set(data.subarray(1000, 2000), 0);
    const got: number[] = [];
    const reading = async () => {
      for await (const piece of verifiedSource(reusing(other), expected, unexpected).open()) got.push(piece.length);
    };
    await expect(reading()).rejects.toThrow('its bytes are others, or in another order');
    expect(got).toEqual([1000, 1000]);
  });

  test('of another size is refused at once, or where its size is unknown at its end', async () => {
    const cut = data.subarray(0, 2000);
    expect(() => verifiedSource(reusing(cut), expected, unexpected)).toThrow('it has 2000 bytes instead of 3000');
    const source = verifiedSource(reusing(cut, null), expected, unexpected);
    await expect(collect(source.open())).rejects.toThrow('it has 2000 bytes instead of 3000');
  });
});
