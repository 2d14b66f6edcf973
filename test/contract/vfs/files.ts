import { describe, expect, test } from 'vitest';
import { digest, failureOf, patterned } from '../remote/bench.ts';
import { type Bench, bytesOf, toRead, toWrite } from './bench.ts';

export function fileSuite(newBench: () => Bench): void {
  describe('files', () => {
    test('what is written and closed stands on the remote', async () => {
      const { make, text, behind, vfs, names } = newBench();
      await make('file', 'content');
      await vfs.drain();
      expect(await behind.text('file')).toBe('content');
      expect(await text('file')).toBe('content');
      expect(await names('')).toEqual(['file']);
    });

    test('an empty file stands on the remote too', async () => {
      const { create, behind, vfs } = newBench();
      const handle = await create('empty');
      await handle.close();
      await vfs.drain();
      expect(await behind.tree()).toEqual({ empty: '' });
    });

    test('a file that stands there is not made again', async () => {
      const { make, create, text } = newBench();
      await make('file', 'content');
      expect(await failureOf(create('file'))).toBe('exists');
      expect(await text('file')).toBe('content');
    });

    test('is read at any place, and no further than its end', async () => {
      const { behind, open } = newBench();
      const data = patterned(300_000);
      await behind.put('file', data);
      const handle = await open('file');
      for (const [offset, length] of [
        [0, 1],
        [65_536, 65_536],
        [65_535, 3],
        [299_999, 10],
        [300_000, 5],
        [400_000, 5],
        [0, 300_000],
      ] as const) {
        expect(digest(await handle.read(offset, length))).toBe(digest(data.subarray(offset, offset + length)));
      }
      await handle.close();
    });

    test('is written at any place, with zeros where nothing was', async () => {
      const { create, bytes, vfs, behind } = newBench();
      const handle = await create('file');
      await handle.write(100_000, bytesOf('end'));
      await handle.write(10, bytesOf('start'));
      const expected = new Uint8Array(100_003);
      expected.set(bytesOf('start'), 10);
      expected.set(bytesOf('end'), 100_000);
      expect(digest(await handle.read(0, 200_000))).toBe(digest(expected));
      await handle.close();
      expect(digest(await bytes('file'))).toBe(digest(expected));
      await vfs.drain();
      expect(digest(Buffer.from((await behind.tree()).file ?? '', 'latin1'))).toBe(digest(expected));
    });

    test('a part of a file on the remote is changed', async () => {
      const { behind, open, vfs } = newBench();
      const data = patterned(200_000);
      await behind.put('file', data);
      const handle = await open('file', toWrite);
      await handle.write(70_000, bytesOf('changed'));
      await handle.flush();
      await handle.close();
      await vfs.drain();
      const expected = Uint8Array.from(data);
      expected.set(bytesOf('changed'), 70_000);
      expect(digest(Buffer.from((await behind.tree()).file ?? '', 'latin1'))).toBe(digest(expected));
    });

    test('appends go to the end, whoever writes', async () => {
      const { make, open, text } = newBench();
      await make('log', 'one ');
      const first = await open('log', toWrite);
      const second = await open('log', toWrite);
      await Promise.all([first.write('end', bytesOf('two ')), second.write('end', bytesOf('two '))]);
      await first.write('end', bytesOf('three'));
      await first.close();
      await second.close();
      expect(await text('log')).toBe('one two two three');
    });

    test('is emptied as it is opened', async () => {
      const { behind, open, vfs } = newBench();
      await behind.put('file', 'old content');
      const handle = await open('file', { ...toWrite, truncate: true });
      await handle.write(0, bytesOf('new'));
      await handle.flush();
      await handle.close();
      await vfs.drain();
      expect(await behind.text('file')).toBe('new');
    });

    test('is cut and made longer while nobody has it open', async () => {
      const { behind, node, vfs, text } = newBench();
      await behind.put('file', 'content');
      const file = await node('file');
      expect(await vfs.setAttributes(file, { size: 3 })).toMatchObject({ size: 3 });
      expect(await text('file')).toBe('con');
      await vfs.setAttributes(file, { size: 5 });
      await vfs.drain();
      expect(await behind.text('file')).toBe('con\0\0');
      await vfs.setAttributes(file, { size: 0 });
      await vfs.drain();
      expect(await behind.text('file')).toBe('');
    });

    test('two who have it open see each other’s writes', async () => {
      const { create, open } = newBench();
      const writer = await create('file');
      const reader = await open('file');
      await writer.write(0, bytesOf('first'));
      expect(Buffer.from(await reader.read(0, 99)).toString()).toBe('first');
      await writer.write(0, bytesOf('FIRST and more'));
      expect(Buffer.from(await reader.read(0, 99)).toString()).toBe('FIRST and more');
      await writer.close();
      expect(Buffer.from(await reader.read(6, 3)).toString()).toBe('and');
      await reader.close();
    });

    test('fsync brings it to the remote while it stays open', async () => {
      const { create, behind, vfs } = newBench();
      const handle = await create('file');
      await handle.write(0, bytesOf('safe'));
      await handle.sync();
      await vfs.drain();
      expect(await behind.text('file')).toBe('safe');
      await handle.write(4, bytesOf(' and sound'));
      await handle.close();
      await vfs.drain();
      expect(await behind.text('file')).toBe('safe and sound');
    });

    test('a handle does what it was opened for and no more', async () => {
      const { make, open } = newBench();
      await make('file', 'content');
      const reader = await open('file', toRead);
      const writer = await open('file', { ...toWrite, read: false });
      expect(await failureOf((async () => reader.write(0, bytesOf('x')))())).toBe('denied');
      expect(await failureOf(writer.read(0, 1))).toBe('denied');
      await reader.close();
      await writer.close();
    });

    test('64 readers of one file at once all read what is there', async () => {
      const { behind, open } = newBench();
      const data = patterned(1 << 19);
      await behind.put('file', data);
      const part = 64 << 10;
      await Promise.all(
        Array.from({ length: 64 }, async (_, reader) => {
          const handle = await open('file');
          for (let i = 0; i < 5; i++) {
            // Half read through, half jump about.
            const offset = (reader % 2 === 0 ? i : (i * 7 + reader) % 8) * part;
            const found = await handle.read(offset, part);
            expect(Buffer.compare(found, data.subarray(offset, offset + part))).toBe(0);
          }
          await handle.close();
        }),
      );
    });

    test('reads that come out of order find their bytes', async () => {
      const { behind, open } = newBench();
      const data = patterned(2 << 20);
      await behind.put('file', data);
      const handle = await open('file');
      const part = 128 << 10;
      const order = [1, 0, 3, 2, 5, 6, 4, 7, 15, 14, 13, 12, 11, 10, 9, 8];
      const found = await Promise.all(order.map((i) => handle.read(i * part, part)));
      order.forEach((i, n) => {
        expect(Buffer.compare(found[n] ?? new Uint8Array(), data.subarray(i * part, (i + 1) * part))).toBe(0);
      });
      await handle.close();
    });
  });
}
