import { describe, expect, test } from 'vitest';
import { joinPath } from '../../../src/core/path.ts';
import { failureOf, leapDay } from '../remote/bench.ts';
import { type Bench, type BenchOptions, bytesOf, toWrite } from './bench.ts';

type NewBench = (options?: BenchOptions) => Bench;

/** A Vfs over a remote that keeps attributes, and the next one over the same folder. */
interface Pair {
  readonly first: Bench;
  /** What was done is on the remote then. */
  next(): Promise<Bench>;
}

/** What a Vfs leaves on the remote beside bytes and times, where that keeps it. */
export function keptSuite(
  newBench: NewBench,
  room: () => number,
  again: (first: Bench, options: BenchOptions) => Bench,
): void {
  function pair(): Pair | null {
    if (room() === 0) return null;
    const options = { vfs: { attributeRoom: room() } };
    const first = newBench(options);
    return {
      first,
      async next() {
        await first.vfs.drain();
        return again(first, options);
      },
    };
  }

  const text = async ({ vfs, node }: Bench, path: string, name: string): Promise<string | undefined> => {
    const value = (await vfs.extendedAttributes(await node(path))).get(name);
    return value && Buffer.from(value).toString();
  };

  describe('what the remote keeps', () => {
    test('modes, owners and extended attributes of files last, set while they are written or later', async () => {
      const both = pair();
      if (!both) return;
      const { vfs, create, make, node, behind } = both.first;
      const handle = await create('open');
      await handle.write(0, bytesOf('#!/bin/sh'));
      await vfs.setAttributes(handle.node, { mode: 0o750, modified: leapDay });
      await vfs.setExtendedAttribute(handle.node, 'user.origin', { value: bytesOf('sequencer') });
      await handle.flush();
      await handle.close();
      await make('later');
      await vfs.drain();
      await vfs.setAttributes(await node('later'), { uid: 12_345, gid: 54_321 });
      await vfs.setAttributes(await node('later'), { mode: 0o600 });
      await vfs.setExtendedAttribute(await node('later'), 'user.one', { value: bytesOf('1') });
      await behind.put('plain', 'by another');

      const { vfs: next, ...found } = await both.next();
      expect(await next.attributes(await found.node('open'))).toMatchObject({ mode: 0o750, size: 9 });
      expect(await next.attributes(await found.node('later'))).toMatchObject({ mode: 0o600, uid: 12_345, gid: 54_321 });
      expect(await next.attributes(await found.node('plain'))).toMatchObject({ mode: 0o644 });
      expect(await text({ vfs: next, ...found }, 'open', 'user.origin')).toBe('sequencer');
      expect(await text({ vfs: next, ...found }, 'later', 'user.one')).toBe('1');
      expect(await found.text('open')).toBe('#!/bin/sh');
    });

    test('they stay with a file that is written again, and go with it under another name', async () => {
      const both = pair();
      if (!both) return;
      const { vfs, make, open, node, rename, makeFolder } = both.first;
      await make('file', 'content');
      await vfs.drain();
      await vfs.setAttributes(await node('file'), { mode: 0o755 });
      const handle = await open('file', toWrite);
      await handle.write(7, bytesOf('!'));
      await handle.flush();
      await handle.close();
      await vfs.drain();
      await rename('file', 'renamed');
      await makeFolder('sub');
      await rename('renamed', 'sub/deep');
      await rename('sub', 'other');
      expect(await vfs.attributes(await node('other/deep'))).toMatchObject({ mode: 0o755 });
      const next = await both.next();
      expect(await next.vfs.attributes(await next.node('other/deep'))).toMatchObject({ mode: 0o755, size: 8 });
    });

    test('a file is made with the mode that its maker asks for', async () => {
      const both = pair();
      if (!both) return;
      const { vfs } = both.first;
      const handle = await vfs.makeFile(vfs.root, 'secret', { ...toWrite, mode: 0o600 });
      expect(await vfs.attributes(handle.node)).toMatchObject({ mode: 0o600 });
      await handle.write(0, bytesOf('x'));
      await handle.close();
      const next = await both.next();
      expect(await next.vfs.attributes(await next.node('secret'))).toMatchObject({ mode: 0o600 });
    });

    test('extended attributes are made, replaced and removed as asked, as far as there is room', async () => {
      const both = pair();
      if (!both) return;
      const { vfs, make, node, makeFolder } = both.first;
      await make('file');
      const file = await node('file');
      const one = { value: bytesOf('1') };
      const name = 'user.name';
      const set = (change: Parameters<typeof vfs.setExtendedAttribute>[2]) =>
        vfs.setExtendedAttribute(file, name, change);
      expect(await failureOf(set({ ...one, mustExist: true }))).toBe('not-found');
      await set({ ...one, mustBeNew: true });
      expect(await failureOf(set({ ...one, mustBeNew: true }))).toBe('exists');
      expect(await failureOf(set({ value: new Uint8Array(5000) }))).toBe('full');
      expect(await failureOf(set({ value: new Uint8Array(70_000) }))).toBe('full');
      expect([...(await vfs.extendedAttributes(file)).keys()]).toEqual([name]);
      await set({ value: null });
      expect(await failureOf(set({ value: null }))).toBe('not-found');
      expect(await failureOf(vfs.setExtendedAttribute(await makeFolder('sub'), name, one))).toBe('unsupported');
      const next = await both.next();
      expect((await next.vfs.extendedAttributes(await next.node('file'))).size).toBe(0);
    });

    test('what nobody understands is shown as nothing, and not overwritten', async () => {
      const both = pair();
      if (!both) return;
      const { vfs, behind, node, remote, rootPath } = both.first;
      await behind.put('file', 'content');
      await remote.setAttributes?.(joinPath(rootPath, 'file'), Uint8Array.of(99, 1, 2, 3));
      const file = await node('file');
      expect(await vfs.attributes(file)).toMatchObject({ mode: 0o644, size: 7 });
      expect(await failureOf(vfs.setAttributes(file, { mode: 0o600 }))).toBe('unsupported');
      const { attributes } = await remote.stat(joinPath(rootPath, 'file'), { attributes: true });
      expect(attributes).toEqual(Uint8Array.of(99, 1, 2, 3));
    });

    test('--uid and --gid say whose files are, whatever is kept', async () => {
      const both = pair();
      if (!both) return;
      const { vfs, make, node } = both.first;
      await make('file');
      await vfs.setAttributes(await node('file'), { uid: 12_345, gid: 54_321 });
      await vfs.drain();
      const own = again(both.first, { vfs: { attributeRoom: 1000, overridesOwner: true, uid: 7, gid: 8 } });
      expect(await own.vfs.attributes(await own.node('file'))).toMatchObject({ uid: 7, gid: 8 });
    });
  });

  describe('symlinks', () => {
    test('lead where they were made to, and are text files of rclone’s on the remote', async () => {
      const { vfs, names, node, behind } = newBench();
      const target = bytesOf('../some/where ü');
      const link = await vfs.makeLink(vfs.root, 'link', target);
      expect(link).toMatchObject({ kind: 'file', isLink: true });
      expect(await vfs.attributes(link)).toMatchObject({ size: target.length, mode: 0o777 });
      expect(await failureOf(vfs.makeLink(vfs.root, 'link', target))).toBe('exists');
      await vfs.drain();
      expect(await behind.text('link.rclonelink')).toBe('../some/where ü');
      await behind.put('other.rclonelink', '/etc/hosts');
      vfs.invalidate();
      expect(await names('')).toEqual(['link', 'other']);
      expect(await node('link')).toBe(link);
      expect(Buffer.from(await vfs.readLink(link))).toEqual(target);
      expect(Buffer.from(await vfs.readLink(await node('other'))).toString()).toBe('/etc/hosts');
      expect(await failureOf((async () => vfs.makeFile(vfs.root, 'x.rclonelink', toWrite))())).toBe('usage');
    });

    test('are renamed and removed, and take the place of files, and files theirs', async () => {
      const { vfs, make, names, rename, remove, behind, text: read } = newBench();
      for (const name of ['a', 'b', 'c']) await vfs.makeLink(vfs.root, name, bytesOf(`to-${name}`));
      await make('file', 'content');
      await vfs.drain();
      await rename('a', 'b');
      await rename('b', 'file');
      await remove('c');
      await vfs.drain();
      expect(await behind.tree()).toEqual({ 'file.rclonelink': 'to-a' });
      await make('new', 'content');
      await rename('new', 'file');
      await vfs.drain();
      expect(await behind.tree()).toEqual({ file: 'content' });
      vfs.invalidate();
      expect(await names('')).toEqual(['file']);
      expect(await read('file')).toBe('content');
    });

    test('go along with their folder', async () => {
      const { vfs, makeFolder, rename, node, behind } = newBench();
      await vfs.makeLink(await makeFolder('old'), 'link', bytesOf('target'));
      await vfs.drain();
      await rename('old', 'new');
      expect(Buffer.from(await vfs.readLink(await node('new/link'))).toString()).toBe('target');
      await vfs.drain();
      expect(await behind.tree()).toEqual({ 'new/link.rclonelink': 'target' });
    });

    test('are shown as what they are on the remote where they have no name of their own, or lead nowhere', async () => {
      const { behind, names, node, remove, rename, vfs } = newBench();
      await behind.put('file', 'content');
      await behind.put('file.rclonelink', 'target');
      await behind.put('empty.rclonelink', '');
      await behind.put('sub/file', 'content');
      await behind.put('sub.rclonelink', 'target');
      await behind.put('.rclonelink', 'target');
      const shown = ['.rclonelink', 'empty.rclonelink', 'file', 'file.rclonelink', 'sub.rclonelink', 'sub/'];
      expect(await names('')).toEqual(shown);
      expect((await node('file.rclonelink')).isLink).toBe(false);
      await remove('file');
      await vfs.makeLink(vfs.root, 'link', bytesOf('target'));
      expect(await failureOf(vfs.makeLink(vfs.root, 'file', bytesOf('other')))).toBe('exists');
      expect(await failureOf(rename('link', 'file'))).toBe('exists');
      await vfs.drain();
      vfs.invalidate();
      expect((await node('file')).isLink).toBe(true);
    });

    test('are text files where that is asked for', async () => {
      const { vfs, behind, names, text: read } = newBench({ vfs: { usesLinks: false } });
      await behind.put('link.rclonelink', 'target');
      expect(await names('')).toEqual(['link.rclonelink']);
      expect(await read('link.rclonelink')).toBe('target');
      expect(await failureOf(vfs.makeLink(vfs.root, 'other', bytesOf('target')))).toBe('unsupported');
    });
  });
}
