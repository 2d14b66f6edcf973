import { describe, expect, test } from 'vitest';
import { pieceSize } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import { type Bench, brokenSource, failureOf, leapDay } from './bench.ts';

/** All or nothing, and the right word for what is wrong. */
export function failureSuite(bench: () => Bench): void {
  describe('failures', () => {
    test('a file that is not there is not found', async () => {
      const { remote, folder, put, get } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'x');
      expect(await failureOf(remote.stat(`${dir}/missing`))).toBe('not-found');
      expect(await failureOf(get(`${dir}/missing`))).toBe('not-found');
      expect(await failureOf(remote.remove(`${dir}/missing`))).toBe('not-found');
      expect(await failureOf(remote.stat(`${dir}/no/such/folder`))).toBe('not-found');
      expect(await failureOf(remote.stat(`${dir}/file/below`))).toBe('not-found');
    });

    test('a folder is no file', async () => {
      const { remote, folder, put } = bench();
      const dir = folder();
      await put(`${dir}/sub/file`, 'x');
      const kind = await failureOf(remote.stat(`${dir}/sub`));
      if (remote.features.emptyFolders) expect(kind).toBe('is-folder');
      else expect(kind).toMatch(/^(is-folder|not-found)$/);
    });

    test.for([0, 1000, 100_000, 2 * pieceSize])(
      'a source that breaks after %i bytes leaves no trace of a new file',
      async (given) => {
        const { remote, folder, put, names } = bench();
        const dir = folder();
        await put(`${dir}/other`, 'x');
        for (const size of [3 * pieceSize, null]) {
          const source = brokenSource(size, given, breakOff);
          await expect(remote.write(`${dir}/file`, source, { modified: leapDay })).rejects.toThrow('the source broke');
          expect(await names(dir)).toEqual(['other']);
        }
      },
    );

    test('a source that breaks leaves the old file standing', async () => {
      const { remote, folder, put, text, names } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'old');
      const source = brokenSource(2 * pieceSize, pieceSize, breakOff);
      await expect(remote.write(`${dir}/file`, source, { modified: leapDay })).rejects.toThrow('the source broke');
      expect(await text(`${dir}/file`)).toBe('old');
      expect(await names(dir)).toEqual(['file']);
    });

    test.for([10, 2 * pieceSize, null])(
      'a source of %s bytes that has gone is told of in its own words, and read once',
      async (size) => {
        const { remote, folder, put, names } = bench();
        const dir = folder();
        await put(`${dir}/other`, 'x');
        for (const kind of ['not-found', 'folder-not-found'] as const) {
          let opens = 0;
          const source = brokenSource(size, 5, () => {
            opens++;
            throw new Failure(kind, '/elsewhere/file: no such file', { path: 'elsewhere/file' });
          });
          const told = { message: '/elsewhere/file: no such file', path: 'elsewhere/file', retryable: false };
          await expect(remote.write(`${dir}/file`, source, { modified: leapDay })).rejects.toMatchObject(told);
          expect(opens).toBe(1);
        }
        expect(await names(dir)).toEqual(['other']);
      },
    );

    test.for([
      ['short', 100_000, 99_999],
      ['long', 100_000, 100_001],
      ['empty', 1, 0],
    ] as const)('a source that is too %s for its size fails and changes nothing', async ([, size, given]) => {
      const { remote, folder, put, text, names } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'old');
      const source = brokenSource(size, given, () => {});
      for (const name of ['file', 'new']) {
        await failureOf(remote.write(`${dir}/${name}`, source, { modified: leapDay }));
      }
      expect(await text(`${dir}/file`)).toBe('old');
      expect(await names(dir)).toEqual(['file']);
    });

    test('a write that is cancelled half-way changes nothing', async () => {
      const { remote, folder, put, text, names } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'old');
      for (const name of ['file', 'new']) {
        const controller = new AbortController();
        const source = brokenSource(3 * pieceSize, 3 * pieceSize, () => controller.abort());
        const write = remote.write(`${dir}/${name}`, source, { modified: leapDay }, { signal: controller.signal });
        expect(await failureOf(write)).toBe('cancelled');
      }
      expect(await text(`${dir}/file`)).toBe('old');
      expect(await names(dir)).toEqual(['file']);
    });

    test('a read that is cancelled stops', async () => {
      const { remote, folder, put } = bench();
      const path = `${folder()}/file`;
      await put(path, new Uint8Array(8 * pieceSize));
      const controller = new AbortController();
      const reading = (async () => {
        for await (const _ of remote.read(path, undefined, { signal: controller.signal })) controller.abort();
      })();
      expect(await failureOf(reading)).toBe('cancelled');
    });
  });
}

function breakOff(): never {
  throw new Error('the source broke');
}
