import { describe, expect, test } from 'vitest';
import { failureOf } from '../remote/bench.ts';
import { type Bench, bytesOf, toWrite } from './bench.ts';

export function renameSuite(newBench: () => Bench): void {
  describe('renaming', () => {
    test('a file takes its node and its content along', async () => {
      const { behind, node, rename, text, names, makeFolder } = newBench();
      await behind.put('old', 'content');
      await makeFolder('sub');
      const file = await node('old');
      await rename('old', 'sub/new');
      expect(await node('sub/new')).toBe(file);
      expect(await names('')).toEqual(['sub/']);
      expect(await text('sub/new')).toBe('content');
      expect(await behind.tree()).toEqual({ 'sub/new': 'content' });
    });

    test('replaces a file, unless told not to', async () => {
      const { make, rename, text, behind, vfs, names } = newBench();
      await make('a', 'a');
      await make('b', 'b');
      expect(await failureOf(rename('a', 'b', { replace: false }))).toBe('exists');
      await rename('a', 'b');
      expect(await text('b')).toBe('a');
      await vfs.drain();
      vfs.invalidate();
      expect(await names('')).toEqual(['b']);
      expect(await behind.tree()).toEqual({ b: 'a' });
    });

    test('what was replaced is still read by who has it open', async () => {
      const { make, rename, open, vfs, behind } = newBench();
      await make('new', 'new');
      await behind.put('old', 'old content');
      vfs.invalidate();
      const handle = await open('old');
      await rename('new', 'old');
      expect(Buffer.from(await handle.read(4, 99)).toString()).toBe('content');
      expect(await vfs.attributes(handle.node)).toMatchObject({ links: 0, size: 11 });
      await handle.close();
      await vfs.drain();
      expect(await behind.tree()).toEqual({ old: 'new' });
    });

    test('a file that is open and not uploaded goes up under its new name alone', async () => {
      const { create, rename, vfs, behind, names } = newBench();
      const handle = await create('draft');
      await handle.write(0, bytesOf('one '));
      await rename('draft', 'final');
      await handle.write(4, bytesOf('two'));
      await handle.flush();
      await handle.close();
      await vfs.drain();
      vfs.invalidate();
      expect(await names('')).toEqual(['final']);
      expect(await behind.tree()).toEqual({ final: 'one two' });
    });

    test('an editor’s way of saving leaves the new text', async () => {
      const { behind, make, rename, text, vfs } = newBench();
      await behind.put('file', 'old');
      for (const version of ['first', 'second', 'third']) {
        await make('file.tmp', version);
        await rename('file', 'file~');
        await rename('file.tmp', 'file');
        expect(await text('file')).toBe(version);
      }
      await vfs.drain();
      expect(await behind.tree()).toEqual({ file: 'third', 'file~': 'second' });
    });

    test('a folder takes along all below it, open and unsaved files too', async () => {
      const { behind, make, create, open, rename, makeFolder, names, text, vfs, node } = newBench();
      await behind.put('old/a', 'a');
      await behind.put('old/deep/b', 'b');
      await makeFolder('old/empty');
      await make('old/deep/c', 'c');
      const dirty = await create('old/deep/d');
      await dirty.write(0, bytesOf('dir'));
      const changed = await open('old/a', toWrite);
      await changed.write(0, bytesOf('A'));
      const reader = await open('old/deep/b');
      const folder = await node('old');
      await rename('old', 'new');
      expect(await node('new')).toBe(folder);
      await dirty.write(3, bytesOf('ty'));
      expect(Buffer.from(await reader.read(0, 9)).toString()).toBe('b');
      for (const handle of [dirty, changed, reader]) {
        await handle.flush();
        await handle.close();
      }
      await vfs.drain();
      expect(await behind.tree()).toEqual({
        'new/a': 'A',
        'new/deep/b': 'b',
        'new/deep/c': 'c',
        'new/deep/d': 'dirty',
      });
      vfs.invalidate();
      expect(await names('')).toEqual(['new/']);
      expect(await names('new')).toEqual(['a', 'deep/', 'empty/']);
      expect(await text('new/deep/d')).toBe('dirty');
    });

    test('a folder replaces an empty one, and no other', async () => {
      const { make, makeFolder, rename, text, names } = newBench();
      await makeFolder('full');
      await make('full/file', 'x');
      await makeFolder('empty');
      await make('file', 'file');
      expect(await failureOf(rename('empty', 'full'))).toBe('not-empty');
      expect(await failureOf(rename('empty', 'file'))).toBe('exists');
      expect(await failureOf(rename('file', 'empty'))).toBe('is-folder');
      expect(await failureOf(rename('full', 'full/inner'))).toBe('usage');
      expect(await failureOf(rename('missing', 'x'))).toBe('not-found');
      await rename('full', 'empty');
      expect(await names('')).toEqual(['empty/', 'file']);
      expect(await text('empty/file')).toBe('x');
    });

    test('a folder does not replace a full one in which a file has the name of one of its folders', async () => {
      const { make, makeFolder, create, rename, names } = newBench();
      await makeFolder('full');
      await make('full/name', 'x');
      await makeFolder('moved');
      await makeFolder('moved/name');
      const opened = await create('moved/name/unsaved');
      expect(await failureOf(rename('moved', 'full'))).toBe('not-empty');
      expect(await names('full')).toEqual(['name']);
      await opened.close();
    });

    test('two change places', async () => {
      const { make, makeFolder, rename, text, vfs, behind } = newBench();
      await make('a', 'was a');
      await makeFolder('sub');
      await make('sub/b', 'was b');
      await rename('a', 'sub/b', { exchange: true });
      expect(await text('a')).toBe('was b');
      expect(await text('sub/b')).toBe('was a');
      await rename('a', 'sub', { exchange: true });
      expect(await text('sub')).toBe('was b');
      await vfs.drain();
      expect(await behind.tree()).toEqual({ 'a/b': 'was a', sub: 'was b' });
      expect(await failureOf(rename('a', 'a/b', { exchange: true }))).toBe('usage');
    });
  });

  describe('removing', () => {
    test('takes the file from the remote, and its name may be used again', async () => {
      const { make, remove, names, vfs, behind } = newBench();
      await make('file', 'old');
      await make('other', 'other');
      await remove('file');
      vfs.invalidate();
      expect(await names('')).toEqual(['other']);
      await make('file', 'new');
      await vfs.drain();
      expect(await behind.tree()).toEqual({ file: 'new', other: 'other' });
    });

    test('what is open stays readable and writable, and nothing of it is uploaded', async () => {
      const { create, open, remove, behind, vfs } = newBench();
      await behind.put('read', 'to be read');
      const reader = await open('read');
      const writer = await create('written');
      await writer.write(0, bytesOf('temporary'));
      await remove('read');
      await remove('written');
      expect(Buffer.from(await reader.read(6, 99)).toString()).toBe('read');
      await writer.write(9, bytesOf(' file'));
      expect(Buffer.from(await writer.read(0, 99)).toString()).toBe('temporary file');
      await writer.flush();
      await writer.close();
      await reader.close();
      await vfs.drain();
      expect(await behind.tree()).toEqual({});
      expect(vfs.pending().files).toBe(0);
    });

    test('a file made under the name of one that is still open is another file', async () => {
      const { make, open, remove, text, vfs, behind } = newBench();
      await make('file', 'first');
      const handle = await open('file', toWrite);
      await remove('file');
      await make('file', 'second');
      await handle.write(0, bytesOf('FIRST'));
      await handle.close();
      expect(await text('file')).toBe('second');
      await vfs.drain();
      expect(await behind.tree()).toEqual({ file: 'second' });
    });
  });
}
