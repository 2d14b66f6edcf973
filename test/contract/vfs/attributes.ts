import { describe, expect, test } from 'vitest';
import { failureOf, leapDay } from '../remote/bench.ts';
import { type Bench, bytesOf, toWrite } from './bench.ts';

export function attributeSuite(newBench: () => Bench): void {
  describe('attributes', () => {
    test('size and time are the remote’s', async () => {
      const { behind, node, vfs, remote } = newBench();
      await behind.put('file', 'content', leapDay);
      const found = await vfs.attributes(await node('file'));
      expect(found).toMatchObject({ kind: 'file', size: 7, mode: 0o644, links: 1 });
      const step = remote.features.modifiedPrecision ?? 1n;
      expect(found.modified <= leapDay && found.modified > leapDay - step).toBe(true);
      expect(await vfs.attributes(vfs.root)).toMatchObject({ kind: 'folder', mode: 0o755, size: 0 });
    });

    test('a write sets the time to now', async () => {
      const { behind, node, vfs, open } = newBench();
      await behind.put('file', 'content', leapDay);
      const before = BigInt(Date.now() - 1000) * 1_000_000n;
      const handle = await open('file', toWrite);
      await handle.write(7, bytesOf('!'));
      expect(await vfs.attributes(await node('file'))).toMatchObject({ size: 8 });
      expect((await vfs.attributes(await node('file'))).modified).toBeGreaterThan(before);
      await handle.close();
      await vfs.drain();
      expect((await vfs.attributes(await node('file'))).modified).toBeGreaterThan(before);
    });

    test('a time that was set stands, on an open file that was written and on one that nobody has open', async () => {
      const { create, behind, node, vfs, text } = newBench();
      const handle = await create('open');
      await handle.write(0, bytesOf('x'));
      await vfs.setAttributes(handle.node, { modified: leapDay });
      await handle.flush();
      await handle.close();
      await behind.put('closed', 'content');
      await vfs.drain();
      vfs.invalidate();
      await vfs.setAttributes(await node('closed'), { modified: leapDay });
      const other = (await node('open')) === handle.node;
      expect(other).toBe(true);
      for (const round of ['as it is known', 'as it is read again']) {
        for (const name of ['open', 'closed']) {
          expect([round, name, String((await vfs.attributes(await node(name))).modified).slice(0, 16)]).toEqual([
            round,
            name,
            String(leapDay).slice(0, 16),
          ]);
        }
        vfs.invalidate();
      }
      expect(await text('closed')).toBe('content');
    });

    test('a folder’s time and a file’s time of access hold while the Vfs lives', async () => {
      const { makeFolder, make, node, vfs } = newBench();
      const folder = await makeFolder('sub');
      await make('sub/file');
      expect(await vfs.setAttributes(folder, { modified: leapDay, accessed: leapDay + 1n })).toMatchObject({
        modified: leapDay,
        accessed: leapDay + 1n,
      });
      expect(await vfs.setAttributes(await node('sub/file'), { accessed: leapDay })).toMatchObject({
        accessed: leapDay,
      });
      vfs.invalidate();
      expect(await vfs.attributes(await node('sub'))).toMatchObject({ modified: leapDay });
    });

    test('modes and owners hold while the Vfs lives', async () => {
      const { make, makeFolder, node, vfs } = newBench();
      await make('file');
      await makeFolder('sub');
      for (const name of ['file', 'sub']) {
        const found = await node(name);
        const { mode, uid, gid } = await vfs.attributes(found);
        expect(await vfs.setAttributes(found, { mode, uid, gid })).toMatchObject({ mode, uid, gid });
        await vfs.setAttributes(found, { mode: mode & 0o700, uid: uid + 1, gid: gid + 2 });
        vfs.invalidate();
        const later = await vfs.attributes(await node(name));
        expect(later).toMatchObject({ mode: mode & 0o700, uid: uid + 1, gid: gid + 2 });
      }
      expect(await failureOf(vfs.setAttributes(vfs.root, { size: 1 }))).toBe('is-folder');
    });

    test('the execute bit is set by who writes the file, and refused for one that nobody has open', async () => {
      const { create, make, node, vfs } = newBench();
      const handle = await create('program');
      expect(await vfs.setAttributes(handle.node, { mode: 0o700 })).toMatchObject({ mode: 0o700 });
      await handle.close();
      expect(await vfs.setAttributes(handle.node, { mode: 0o755 })).toMatchObject({ mode: 0o755 });
      await make('file');
      expect(await failureOf(vfs.setAttributes(await node('file'), { mode: 0o755 }))).toBe('unsupported');
    });
  });
}
