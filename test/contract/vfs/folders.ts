import { describe, expect, test } from 'vitest';
import type { Awaitable } from '../../../src/core/awaitable.ts';
import { failureOf } from '../remote/bench.ts';
import { type Bench, bytesOf, toWrite } from './bench.ts';

export function folderSuite(newBench: () => Bench): void {
  describe('folders', () => {
    test('what the remote has is found by name and in the listing', async () => {
      const { behind, names, node, vfs, text } = newBench();
      await behind.put('a', 'a');
      await behind.put('sub/b', 'b');
      await behind.put('sub/deep/c', 'c');
      expect(await names('')).toEqual(['a', 'sub/']);
      expect(await names('sub')).toEqual(['b', 'deep/']);
      expect(await text('sub/deep/c')).toBe('c');
      expect(await vfs.lookup(await node('sub'), 'missing')).toBeNull();
    });

    test('names that differ by Unicode form, by case or by bytes that are no UTF-8 are files of their own', async () => {
      const { make, names, text } = newBench();
      const list = ['\u00e4', 'a\u0308', 'A', 'a', 'b\udcff', ' space ', 'a\nb'];
      for (const name of list) await make(name);
      expect(await names('')).toEqual([...list].sort());
      for (const name of list) expect(await text(name)).toBe(Buffer.from(name).toString());
    });

    test('an empty folder is there until it is removed', async () => {
      const { makeFolder, names, removeFolder, vfs, node } = newBench();
      await makeFolder('empty');
      await makeFolder('empty/inner');
      expect(await names('')).toEqual(['empty/']);
      vfs.invalidate();
      expect(await names('empty')).toEqual(['inner/']);
      expect(await failureOf(makeFolder('empty'))).toBe('exists');
      expect(await failureOf(removeFolder('empty'))).toBe('not-empty');
      await removeFolder('empty/inner');
      await removeFolder('empty');
      vfs.invalidate();
      expect(await names('')).toEqual([]);
      expect(await vfs.lookup(await node(''), 'empty')).toBeNull();
    });

    test('a folder stays when its last file is removed', async () => {
      const { behind, remove, names, removeFolder, vfs } = newBench();
      await behind.put('sub/file', 'x');
      await behind.put('other', 'x');
      await remove('sub/file');
      vfs.invalidate();
      expect(await names('')).toEqual(['other', 'sub/']);
      expect(await names('sub')).toEqual([]);
      await removeFolder('sub');
      vfs.invalidate();
      expect(await names('')).toEqual(['other']);
    });

    test('a folder stays when what was last in it, however deep, is removed or renamed away', async () => {
      const { behind, remove, rename, makeFolder, names, vfs } = newBench();
      await behind.put('a/b/c/file', 'x');
      await behind.put('d/e/file', 'x');
      await makeFolder('elsewhere');
      expect(await names('a/b/c')).toEqual(['file']);
      await rename('a/b/c', 'elsewhere/c');
      await remove('d/e/file');
      for (const round of [1, 2]) {
        vfs.invalidate();
        expect([round, ...(await names(''))]).toEqual([round, 'a/', 'd/', 'elsewhere/']);
        expect([round, ...(await names('a'))]).toEqual([round, 'b/']);
        expect([round, ...(await names('d'))]).toEqual([round, 'e/']);
      }
    });

    test('a removed folder is told apart from an empty one', async () => {
      const { makeFolder, removeFolder, vfs } = newBench();
      const folder = await makeFolder('sub');
      await removeFolder('sub');
      expect(await failureOf(later(() => vfs.list(folder)))).toBe('folder-not-found');
      expect(await vfs.attributes(folder)).toMatchObject({ kind: 'folder', links: 0 });
    });

    test('a file is no folder and a folder no file', async () => {
      const { make, makeFolder, node, vfs, remove, removeFolder } = newBench();
      await make('file');
      await makeFolder('folder');
      expect(await failureOf(later(async () => vfs.lookup(await node('file'), 'x')))).toBe('folder-not-found');
      expect(await failureOf(later(async () => vfs.list(await node('file'))))).toBe('folder-not-found');
      expect(await failureOf(remove('folder'))).toBe('is-folder');
      expect(await failureOf(removeFolder('file'))).toBe('exists');
      expect(await failureOf(remove('missing'))).toBe('not-found');
    });

    test('names that lead elsewhere are refused', async () => {
      const { vfs } = newBench();
      for (const name of ['', '.', '..', 'a/b', 'a\0b']) {
        expect(await failureOf(vfs.makeFolder(vfs.root, name))).toBe('usage');
      }
    });
  });

  describe('what others do to the remote', () => {
    test('is seen when the listing is thrown away', async () => {
      const { behind, names, text, vfs } = newBench();
      await behind.put('old', 'old');
      expect(await names('')).toEqual(['old']);
      await behind.put('new', 'new');
      await behind.put('old', 'other and longer');
      expect(await names('')).toEqual(['old']);
      const changes: string[] = [];
      vfs.onChange(({ name, node }) => changes.push(`${name} ${node ? 'was there' : 'is new'}`));
      vfs.invalidate();
      expect(await names('')).toEqual(['new', 'old']);
      expect(await text('old')).toBe('other and longer');
      expect(changes).toEqual(['old was there', 'new is new']);
      await behind.remove('old');
      vfs.invalidate();
      expect(await names('')).toEqual(['new']);
      expect(changes.slice(2)).toEqual(['old was there']);
    });

    test('a node stays the same one as long as its name stands', async () => {
      const { behind, node, vfs } = newBench();
      await behind.put('sub/file', 'x');
      const [sub, file] = [await node('sub'), await node('sub/file')];
      await behind.put('sub/file', 'other');
      vfs.invalidate();
      expect(await node('sub')).toBe(sub);
      expect(await node('sub/file')).toBe(file);
    });

    test('a file that was replaced before it was opened is read as it is now', async () => {
      const { behind, node, open, text } = newBench();
      await behind.put('file', 'old');
      await node('file');
      await behind.put('file', 'new and longer');
      const handle = await open('file');
      expect(Buffer.from(await handle.read(0, 99)).toString()).toBe('new and longer');
      await handle.close();
      expect(await text('file')).toBe('new and longer');
    });

    test('a file that was replaced while open is never a mixture', async () => {
      const { behind, open, text, vfs, names } = newBench();
      await behind.put('file', new Uint8Array(400_000).fill(1));
      const handle = await open('file');
      expect((await handle.read(200_000, 10))[0]).toBe(1);
      await behind.put('file', new Uint8Array(400_001).fill(2));
      const outcome = await handle.read(300_000, 10).catch((error: unknown) => error);
      if (outcome instanceof Uint8Array) expect(outcome[0]).toBe(1);
      else expect(outcome).toMatchObject({ kind: 'changed' });
      vfs.invalidate();
      await names('');
      expect((await text('file')).length).toBe(400_001);
      await handle.close();
    });

    test('what others have put in the place of a file that is being changed is kept beside it', async () => {
      const { behind, open, text, vfs, names } = newBench();
      await behind.put('sub/file', 'old', 1_600_000_000_000_000_000n);
      const handle = await open('sub/file', toWrite);
      expect(Buffer.from(await handle.read(0, 99)).toString()).toBe('old');
      await handle.write(3, bytesOf(' and ours'));
      await behind.put('sub/file', 'theirs', 1_700_000_000_000_000_000n);
      await handle.flush();
      await handle.close();
      await vfs.drain();
      vfs.invalidate();
      expect(await names('sub')).toEqual(['file', 'file.conflict-20231114-221320']);
      expect(await text('sub/file')).toBe('old and ours');
      expect(await text('sub/file.conflict-20231114-221320')).toBe('theirs');

      const again = await open('sub/file', toWrite);
      await again.write(0, bytesOf('new'));
      await again.flush();
      await again.close();
      await vfs.drain();
      vfs.invalidate();
      expect(await names('sub')).toEqual(['file', 'file.conflict-20231114-221320']);
    });

    test('a file that went is not found when it is read', async () => {
      const { behind, node, open, names } = newBench();
      await behind.put('file', 'x');
      await behind.put('other', 'x');
      await node('file');
      await behind.remove('file');
      // A store whose listings do not tell all is asked when it is opened.
      const reading = open('file').then((handle) => handle.read(0, 1));
      expect(await failureOf(reading)).toBe('not-found');
      expect(await names('')).toEqual(['other']);
    });

    test('does not take away what is not uploaded yet', async () => {
      const { create, names, vfs, makeFolder } = newBench();
      await makeFolder('sub');
      const handle = await create('sub/file');
      await handle.write(0, Buffer.from('x'));
      vfs.invalidate();
      expect(await names('')).toEqual(['sub/']);
      expect(await names('sub')).toEqual(['file']);
      expect(vfs.pending().files).toBe(1);
      await handle.close();
      await vfs.drain();
      expect(vfs.pending()).toEqual({ files: 0, bytes: 0, failures: [] });
    });
  });
}

/** What may be refused at once, as a promise. */
async function later<T>(action: () => Awaitable<T>): Promise<T> {
  return action();
}
