import { describe, expect, test } from 'vitest';
import { baseName } from '../../../src/core/path.ts';
import { type Bench, entriesOf, failureOf } from './bench.ts';

/** Trees, listings and what a folder is to a store. */
export function folderSuite(bench: () => Bench, manyFiles: number): void {
  describe('folders', () => {
    test('a listing shows one level: files with their sizes, folders once', async () => {
      const { folder, put, list, names } = bench();
      const dir = folder();
      await put(`${dir}/a.txt`, 'a');
      await put(`${dir}/sub/b.txt`, 'bb');
      await put(`${dir}/sub/c.txt`, 'ccc');
      await put(`${dir}/sub/deep/er/d.txt`, 'dddd');
      await put(`${dir}/sub-other/e.txt`, 'eeeee');
      expect(await names(dir)).toEqual(['a.txt', 'sub-other/', 'sub/']);
      expect(await names(`${dir}/sub`)).toEqual(['b.txt', 'c.txt', 'deep/']);
      expect(await names(`${dir}/sub/deep`)).toEqual(['er/']);
      const files = (await list(`${dir}/sub`)).filter((entry) => entry.kind === 'file');
      expect(files.map(({ path, size }) => `${baseName(path)} ${size}`).sort()).toEqual(['b.txt 2', 'c.txt 3']);
    });

    test('a sweep of the tree finds every file', async () => {
      const { remote, folder, put } = bench();
      if (!remote.walk) return;
      const dir = folder();
      const paths = ['a', 'sub/b', 'sub/deep/c', 'sub2/d'].map((path) => `${dir}/${path}`);
      for (const path of paths) await put(path, path);
      await put(`${dir}-beside/x`, 'x');
      const entries = await entriesOf(remote.walk(dir));
      expect(entries.flatMap(({ kind, path }) => (kind === 'file' ? [path] : [])).sort()).toEqual(paths);
    });

    test(`${manyFiles} small files are listed, each once`, async () => {
      const { folder, put, names } = bench();
      const dir = folder();
      const expected = Array.from({ length: manyFiles }, (_, i) => `file ${String(i).padStart(5, '0')}`);
      let next = 0;
      const worker = async () => {
        while (next < expected.length) {
          const name = expected[next++];
          await put(`${dir}/${name}`, `${name}`);
        }
      };
      await Promise.all(Array.from({ length: 16 }, worker));
      expect(await names(dir)).toEqual(expected);
    });

    test('a folder that does not exist lists as missing or, where folders are prefixes, as empty', async () => {
      const { remote, folder, put, list } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'x');
      const outcome = await list(`${dir}/missing`).then(
        (entries) => `${entries.length} entries`,
        (error: { kind?: string }) => error.kind,
      );
      if (remote.features.emptyFolders) expect(outcome).toBe('folder-not-found');
      else expect(outcome).toMatch(/^(0 entries|folder-not-found)$/);
    });

    test('a folder is made with its parents, twice without complaint', async () => {
      const { remote, folder, names } = bench();
      const dir = folder();
      await remote.makeDir(`${dir}/one/two`);
      await remote.makeDir(`${dir}/one/two`);
      if (!remote.features.emptyFolders) return;
      expect(await names(dir)).toEqual(['one/']);
      expect(await names(`${dir}/one`)).toEqual(['two/']);
      expect(await names(`${dir}/one/two`)).toEqual([]);
      await remote.removeDir(`${dir}/one/two`);
      await remote.removeDir(`${dir}/one`);
      expect(await names(dir)).toEqual([]);
    });

    test('removing a folder never removes what is in it', async () => {
      const { remote, folder, put, text } = bench();
      const dir = folder();
      await put(`${dir}/sub/file`, 'precious');
      const removal = remote.removeDir(`${dir}/sub`);
      if (remote.features.emptyFolders) expect(await failureOf(removal)).toBe('not-empty');
      else await removal.catch((error: { kind?: string }) => expect(error.kind).toBe('not-empty'));
      expect(await text(`${dir}/sub/file`)).toBe('precious');
    });

    test('removing a folder that is not there says so where folders exist', async () => {
      const { remote, folder, put } = bench();
      const dir = folder();
      await put(`${dir}/file`, 'x');
      const removal = remote.removeDir(`${dir}/missing`);
      if (remote.features.emptyFolders) expect(await failureOf(removal)).toBe('folder-not-found');
      else await removal.catch((error: { kind?: string }) => expect(error.kind).toBe('folder-not-found'));
    });
  });
}
