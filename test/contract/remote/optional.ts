import { describe, expect, test } from 'vitest';
import { collect, concat } from '../../../src/core/bytes.ts';
import { hashTypes } from '../../../src/core/hash.ts';
import { type Bench, digest, failureOf, leapDay, patterned } from './bench.ts';

/** What only some stores can do, tested where they say they can. */
export function optionalSuite(bench: () => Bench): void {
  describe('on the store’s own side', () => {
    test('hashes agree with the bytes', async () => {
      const { remote, folder, put } = bench();
      if (!remote.hash) return;
      const dir = folder();
      const data = patterned(100_001);
      await put(`${dir}/file`, data);
      await put(`${dir}/empty`, '');
      for (const type of hashTypes) {
        const hash = await remote.hash(`${dir}/file`, type);
        if (remote.features.hashes.includes(type)) expect(hash).toBe(digest(data, type));
        else expect(hash).toBeNull();
      }
      for (const type of remote.features.hashes) {
        expect(await remote.hash(`${dir}/empty`, type)).toBe(digest(new Uint8Array(0), type));
        expect(await failureOf(remote.hash(`${dir}/missing`, type))).toBe('not-found');
      }
    });

    test('a file opened in one request is what stat and read tell of it', async () => {
      const { remote, folder, put } = bench();
      const dir = folder();
      if (!remote.open) return;
      for (const size of [0, 5, 100_000]) {
        const path = `${dir}/${size}`;
        const data = patterned(size);
        await put(path, data);
        await using opened = await remote.open(path);
        expect(opened.entry).toMatchObject({ path, size, modified: (await remote.stat(path)).modified });
        expect(digest(await collect(opened.bytes))).toBe(digest(data));
      }
      expect(await failureOf(remote.open(`${dir}/missing`))).toBe('not-found');
      await using unread = await remote.open(`${dir}/5`);
      expect(unread.entry.size).toBe(5);
    });

    test('a link lets anybody read a file', async () => {
      const { remote, folder, put } = bench();
      if (!remote.link) return;
      const path = `${folder()}/é & (b)'s + #1?.bin`;
      const data = patterned(100_001);
      await put(path, data);
      const answer = await fetch(await remote.link(path, 60_000));
      expect(answer.status).toBe(200);
      const stored = new Uint8Array(await answer.arrayBuffer());
      // Only a layer, which has no hashes, has other bytes in its store.
      if (remote.features.hashes.length > 0) expect(digest(stored)).toBe(digest(data));
      expect(await failureOf(remote.link(`${path}-missing`, 60_000))).toBe('not-found');
    });

    test('a file at hand is filled from as read tells of it, until another stands at its path', async () => {
      const { remote, folder, put } = bench();
      if (!remote.atHand) return;
      const path = `${folder()}/file`;
      expect(remote.atHand(path)).toBeNull();
      for (const size of [0, 5, 65_536, 200_000]) {
        const data = patterned(size);
        await put(path, data);
        const file = remote.atHand(path);
        expect(file?.entry).toMatchObject({ kind: 'file', path, size, modified: (await remote.stat(path)).modified });
        for (const [start, end] of [
          [0, size],
          [0, 1],
          [4, 5],
          [65_530, 65_540],
          [65_536, 131_072],
          [69_632, 73_728],
          [60_000, 199_999],
        ] as const) {
          const out = new Uint8Array(end - start);
          expect(file?.fill(out, start), `${start}-${end} of ${size}`).toBe(end <= size);
          if (end <= size) expect(Buffer.compare(out, data.subarray(start, end)), `at ${start} of ${size}`).toBe(0);
        }
        await put(path, data.toReversed());
        if (size > 0) expect(file?.fill(new Uint8Array(1), 0)).toBe(false);
        file?.close();
      }
      const removed = remote.atHand(path);
      await remote.remove(path);
      expect(removed?.fill(new Uint8Array(5), 0)).toBe(false);
      removed?.close();
    });

    test('a modification time is changed without touching the bytes', async () => {
      const { remote, folder, put, text } = bench();
      if (!remote.setModified) return;
      const path = `${folder()}/file`;
      await put(path, 'content');
      const later = leapDay + 86_400_000_000_000n;
      await remote.setModified(path, later);
      const step = remote.features.modifiedPrecision ?? 0n;
      const found = (await remote.stat(path)).modified ?? 0n;
      expect(found > later - step && found < later + step).toBe(true);
      expect(await text(path)).toBe('content');
      expect(await failureOf(remote.setModified(`${path}-missing`, later))).toBe('not-found');
    });

    test('a copy is a second file with the bytes and the time of the first', async () => {
      const { remote, folder, put, text, names } = bench();
      if (!remote.copy) return;
      const dir = folder();
      await put(`${dir}/file`, 'content');
      await put(`${dir}/old`, 'old');
      expect(await remote.copy(`${dir}/file`, `${dir}/new/folder/ä file+#?`)).toMatchObject({ size: 7 });
      await remote.copy(`${dir}/file`, `${dir}/old`);
      await remote.remove(`${dir}/file`);
      expect(await text(`${dir}/new/folder/ä file+#?`)).toBe('content');
      expect(await text(`${dir}/old`)).toBe('content');
      expect((await remote.stat(`${dir}/old`)).modified).toBe(
        (await remote.stat(`${dir}/new/folder/ä file+#?`)).modified,
      );
      expect(await names(dir)).toEqual(['new/', 'old']);
      expect(await failureOf(remote.copy(`${dir}/missing`, `${dir}/x`))).toBe('not-found');
    });

    test('a move takes the file to its new name', async () => {
      const { remote, folder, put, text, names } = bench();
      if (!remote.move) return;
      const dir = folder();
      await put(`${dir}/file`, 'content');
      await put(`${dir}/old`, 'old');
      const { modified } = await remote.stat(`${dir}/file`);
      expect(await remote.move(`${dir}/file`, `${dir}/old`)).toMatchObject({ path: `${dir}/old`, size: 7 });
      expect(await names(dir)).toEqual(['old']);
      await remote.move(`${dir}/old`, `${dir}/new/folder/file`);
      expect(await text(`${dir}/new/folder/file`)).toBe('content');
      expect((await remote.stat(`${dir}/new/folder/file`)).modified).toBe(modified);
      expect(await failureOf(remote.move(`${dir}/missing`, `${dir}/x`))).toBe('not-found');
    });

    test('a folder is renamed with all below it, to where nothing stands', async () => {
      const { remote, folder, put, text, names } = bench();
      if (!remote.moveDir) return;
      const dir = folder();
      await put(`${dir}/old/a`, 'a');
      await put(`${dir}/old/sub/b`, 'b');
      await put(`${dir}/there/c`, 'c');
      expect(await failureOf(remote.moveDir(`${dir}/old`, `${dir}/there`))).toBe('exists');
      await remote.moveDir(`${dir}/old`, `${dir}/new/folder`);
      expect(await names(dir)).toEqual(['new/', 'there/']);
      expect(await text(`${dir}/new/folder/sub/b`)).toBe('b');
      expect(await failureOf(remote.moveDir(`${dir}/missing`, `${dir}/x`))).toBe('unsupported');
    });

    test('a purge takes a folder with all below it and nothing beside it', async () => {
      const { remote, folder, put, names } = bench();
      if (!remote.purge) return;
      const dir = folder();
      for (const name of ['sub/a', 'sub/b/c', 'sub/b/d/e', 'sub2/f', 'sub.txt']) await put(`${dir}/${name}`, name);
      await remote.purge(`${dir}/sub`);
      expect(await names(dir)).toEqual(['sub.txt', 'sub2/']);
      expect(await names(`${dir}/sub`)).toEqual([]);
    });

    test.for([0, 5, 11 << 20])('a new start takes the place of the old one before %i bytes', async (size) => {
      const { remote, folder, put, get, names } = bench();
      if (!remote.replaceStart) return;
      const dir = folder();
      const path = `${dir}/file`;
      const rest = patterned(size);
      let start: Uint8Array = Buffer.from('old start');
      await put(path, concat([start, rest]));
      for (const bytes of [
        Buffer.from('a start that is longer than the old one'),
        Buffer.from('short'),
        patterned(300),
      ]) {
        const { tag } = await remote.stat(path);
        await remote.replaceStart(path, { length: start.length, bytes, tag });
        start = bytes;
        expect(digest(await get(path))).toBe(digest(concat([start, rest])));
      }
      const { size: written, modified, tag } = await remote.stat(path);
      expect({ written, modified }).toEqual({ written: start.length + size, modified: leapDay });
      const stale = remote.replaceStart(path, { length: 1, bytes: start, tag: `not ${tag}` });
      expect(await failureOf(stale)).toBe('changed');
      await remote.remove(path);
      expect(await names(dir)).toEqual([]);
    });

    test('usage is given in bytes, and only of a folder that is there', async () => {
      const { remote, folder } = bench();
      if (!remote.about) return;
      if (remote.features.emptyFolders) {
        expect(await failureOf(remote.about(`${folder()}/missing`))).toBe('folder-not-found');
      }
      for (const value of Object.values(await remote.about(''))) expect(value).toBeGreaterThanOrEqual(0);
    });
  });
}
