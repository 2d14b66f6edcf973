import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { onceSource, pieceSize, sourceOf } from '../../../src/core/bytes.ts';
import { type Bench, digest, leapDay, patterned } from './bench.ts';

const chunk = 65_536;
const sizes = [0, 1, chunk - 1, chunk, chunk + 1, pieceSize - 1, pieceSize, pieceSize + 1];

/** What is written is what is read: sizes, ranges, times. */
export function contentSuite(bench: () => Bench): void {
  describe('content', () => {
    test.for(sizes)('%i bytes come back as they were, with size and time', async (size) => {
      const { remote, folder, get, list } = bench();
      const path = `${folder()}/file`;
      const data = patterned(size);
      const written = await remote.write(path, sourceOf(data), { modified: leapDay });
      expect(written).toMatchObject({ kind: 'file', path, size });
      expect(digest(await get(path))).toBe(digest(data));
      expect(await remote.stat(path)).toMatchObject({ kind: 'file', path, size });
      expect(await list(path.slice(0, -5))).toMatchObject([{ kind: 'file', path, size }]);
    });

    test('the modification time survives to the precision that the features promise', async () => {
      const { remote, folder, put, list } = bench();
      const dir = folder();
      const { modifiedPrecision: precision, listsModified } = remote.features;
      const times = [leapDay, 1_000_000_000_999_999_999n, 0n, -1_500_000_000n];
      for (const [i, modified] of times.entries()) {
        await put(`${dir}/${i}`, 'x', modified);
        if (precision === null) continue;
        const found = (await remote.stat(`${dir}/${i}`)).modified;
        expect(distance(found, modified)).toBeLessThan(precision > 1n ? precision : 1n);
      }
      if (precision === null || !listsModified) return;
      for (const entry of await list(dir)) {
        const modified = times[Number(entry.path.slice(-1))] ?? 0n;
        expect(distance(entry.modified, modified)).toBeLessThan(precision > 1n ? precision : 1n);
      }
    });

    test('any range is the slice of the whole', async () => {
      const { folder, put, get } = bench();
      const path = `${folder()}/file`;
      const data = patterned(3 * chunk + 1234);
      await put(path, data);
      const edges = [0, 1, 100, chunk - 1, chunk, chunk + 1, 2 * chunk, data.length - 1, data.length];
      for (const start of edges) {
        expect(digest(await get(path, { start }))).toBe(digest(data.subarray(start)));
      }
      for (const [start, end] of [
        [0, 1],
        [1, 2],
        [0, chunk],
        [chunk - 1, chunk + 1],
        [chunk, 2 * chunk],
        [100, 3 * chunk + 7],
        [5, 5],
        [data.length - 1, data.length],
      ] as const) {
        expect(digest(await get(path, { start, end }))).toBe(digest(data.subarray(start, end)));
      }
    });

    test('a range that passes the end is clipped to the file', async () => {
      const { folder, put, get } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'hello');
      await put(`${dir}/empty`, '');
      expect(await get(`${dir}/file`, { start: 3, end: 100 })).toEqual(new Uint8Array(Buffer.from('lo')));
      expect(await get(`${dir}/file`, { start: 5, end: 100 })).toHaveLength(0);
      expect(await get(`${dir}/file`, { start: 6 })).toHaveLength(0);
      expect(await get(`${dir}/empty`, { start: 0, end: 10 })).toHaveLength(0);
    });

    test('a read that is left early closes cleanly', async () => {
      const { remote, folder, put, text } = bench();
      const path = `${folder()}/file`;
      await put(path, patterned(3 * pieceSize));
      for await (const piece of remote.read(path)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      await put(path, 'next');
      expect(await text(path)).toBe('next');
    });

    test('a piece stays as it is while the next one is made', async () => {
      const { remote, folder, put } = bench();
      const path = `${folder()}/file`;
      const data = patterned(5 * pieceSize + 3);
      await put(path, data);
      const hash = createHash('sha256');
      let held: Uint8Array | undefined;
      for await (const piece of remote.read(path)) {
        if (held) hash.update(held);
        held = piece;
      }
      if (held) hash.update(held);
      expect(hash.digest('hex')).toBe(digest(data));
    });

    test('a stream of unknown size is written whole', async () => {
      const { remote, folder, get } = bench();
      const dir = folder();
      for (const size of [0, 1, pieceSize + 5]) {
        const data = patterned(size);
        const source = onceSource(sourceOf(data).open());
        expect(await remote.write(`${dir}/${size}`, source, { modified: leapDay })).toMatchObject({ size });
        expect(digest(await get(`${dir}/${size}`))).toBe(digest(data));
      }
    });

    test('a source of many small and odd pieces is written whole', async () => {
      const { remote, folder, get } = bench();
      const path = `${folder()}/file`;
      const data = patterned(200_003);
      const source = {
        ...sourceOf(data),
        async *open({ start = 0, end = data.length } = {}) {
          // Two buffers that take turns: a producer may do that. The slice() of a Buffer is no copy.
          const buffers = [Buffer.alloc(7001), Buffer.alloc(7001)] as const;
          for (let offset = start, turn: 0 | 1 = 0; offset < end; offset += 7001, turn = turn === 0 ? 1 : 0) {
            const part = data.subarray(offset, Math.min(end, offset + 7001));
            buffers[turn].set(part);
            yield buffers[turn].subarray(0, part.length);
          }
        },
      };
      for (const size of [data.length, null]) {
        await remote.write(path, { ...source, size, replayable: size !== null }, { modified: leapDay });
        expect(digest(await get(path))).toBe(digest(data));
      }
    });

    test('a later write replaces the file', async () => {
      const { remote, folder, put, text, names } = bench();
      const dir = folder();
      await put(`${dir}/file`, patterned(100_000));
      await put(`${dir}/file`, 'short');
      expect(await text(`${dir}/file`)).toBe('short');
      expect((await remote.stat(`${dir}/file`)).size).toBe(5);
      expect(await names(dir)).toEqual(['file']);
    });

    test('of writes to one path side by side one wins whole', async () => {
      const { folder, put, get, names } = bench();
      const dir = folder();
      const versions = [0, 1, 2, 3].map((i) => new Uint8Array(150_000 + i).fill(i));
      await Promise.all(versions.map((data) => put(`${dir}/file`, data)));
      expect(versions.map((data) => digest(data))).toContain(digest(await get(`${dir}/file`)));
      expect(await names(dir)).toEqual(['file']);
    });
  });
}

function distance(a: bigint | null, b: bigint): bigint {
  if (a === null) throw new Error('no modification time');
  return a > b ? a - b : b - a;
}
