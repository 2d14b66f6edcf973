import { describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { type Bench, entriesOf, failureOf, leapDay, patterned } from './bench.ts';

const asked = { attributes: true } as const;

/** What a store keeps beside a file's bytes, where it says that it can. */
export function attributeSuite(bench: () => Bench): void {
  describe('attributes', () => {
    test('are written with a file and stand beside its bytes, as many as there is room for', async () => {
      const { remote, folder, text } = bench();
      const dir = folder();
      const room = (await remote.attributeRoom?.(dir)) ?? 0;
      if (room === 0) return;
      for (const length of new Set([1, 7, 191, 192, 193, room])) {
        const path = `${dir}/${length}`;
        const attributes = patterned(length);
        await remote.write(path, sourceOf(Buffer.from('content')), { modified: leapDay, attributes });
        expect((await remote.stat(path, asked)).attributes).toEqual(attributes);
        expect(await text(path)).toBe('content');
      }
      await remote.write(`${dir}/none`, sourceOf(Buffer.from('content')), { modified: leapDay });
      expect((await remote.stat(`${dir}/none`, asked)).attributes).toBeNull();
      expect(await remote.stat(`${dir}/7`)).not.toHaveProperty('attributes');
      const listed = await entriesOf(remote.list(dir, asked));
      for (const entry of listed) {
        if (entry.kind !== 'file' || entry.attributes === undefined) continue;
        expect(entry.attributes).toEqual((await remote.stat(entry.path, asked)).attributes);
      }
    });

    test('are changed without touching the bytes, the time, or other metadata', async () => {
      const { remote, folder, put, text } = bench();
      const path = `${folder()}/file`;
      if (((await remote.attributeRoom?.(path)) ?? 0) === 0) return;
      await put(path, 'content');
      const before = await remote.stat(path, asked);
      for (const length of [500, 3]) {
        await remote.setAttributes?.(path, patterned(length));
        expect(await remote.stat(path, asked)).toMatchObject({
          size: 7,
          modified: before.modified,
          attributes: patterned(length),
        });
      }
      await remote.setModified?.(path, leapDay + 1_000_000_000n);
      expect((await remote.stat(path, asked)).attributes).toEqual(patterned(3));
      expect(await text(path)).toBe('content');
      await put(path, 'other content');
      expect((await remote.stat(path, asked)).attributes).toBeNull();
      expect(await failureOf(remote.setAttributes?.(`${path}-missing`, patterned(3)) as Promise<void>)).toBe(
        'not-found',
      );
    });

    test('go along with a copy and a move', async () => {
      const { remote, folder } = bench();
      const dir = folder();
      if (((await remote.attributeRoom?.(dir)) ?? 0) === 0) return;
      const attributes = patterned(300);
      await remote.write(`${dir}/file`, sourceOf(Buffer.from('content')), { modified: leapDay, attributes });
      await remote.copy?.(`${dir}/file`, `${dir}/copied`);
      if (remote.copy) expect((await remote.stat(`${dir}/copied`, asked)).attributes).toEqual(attributes);
      await remote.move?.(`${dir}/file`, `${dir}/moved`);
      if (remote.move) expect((await remote.stat(`${dir}/moved`, asked)).attributes).toEqual(attributes);
    });

    test('come with a file that is opened in one request', async () => {
      const { remote, folder } = bench();
      const path = `${folder()}/file`;
      if (!remote.open || ((await remote.attributeRoom?.(path)) ?? 0) === 0) return;
      const attributes = patterned(300);
      await remote.write(path, sourceOf(Buffer.from('content')), { attributes });
      await using opened = await remote.open(path, asked);
      expect(opened.entry.attributes).toEqual(attributes);
      expect(await collect(opened.bytes)).toHaveLength(7);
    });
  });
}
