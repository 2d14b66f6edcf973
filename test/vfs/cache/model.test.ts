import { describe, expect, test } from 'vitest';
import type { CacheOptions } from '../../../src/vfs/cache/options.ts';
import type { Content, ContentStore } from '../../../src/vfs/content.ts';
import { all, cacheFolder, closeContent, cryptInMemory, never, openStore, putFile, readFile } from './bench.ts';
import { random } from './random.ts';

const blocks = 1 << 16;

/** Random reads, writes, cuts, closings and restarts against one array of bytes. */
async function run(seed: number, operations: number, size: number, options: Partial<CacheOptions>): Promise<void> {
  const { below, bytes } = random(seed);
  const remote = await cryptInMemory();
  const folder = cacheFolder();
  let model = bytes(below(size));
  await putFile(remote, 'a/file', model);
  let store: ContentStore = await openStore(remote, folder, options);
  let content: Content = await open();

  async function open(): Promise<Content> {
    const opened = store.recovered()[0] ?? store.open(await remote.stat('a/file'));
    opened.retain();
    return opened;
  }
  const offset = (): number => (below(3) === 0 ? below(size / blocks + 2) * blocks : below(model.length + blocks));

  for (let i = 0; i < operations; i++) {
    const what = below(20);
    if (what < 7) {
      const at = offset();
      const length = below(below(2) === 0 ? 5000 : 4 * blocks);
      const expected = model.subarray(Math.min(at, model.length), at + length);
      expect(Buffer.compare(await content.read(at, length), expected), `read ${i} of seed ${seed}`).toBe(0);
    } else if (what < 13) {
      const at = below(4) === 0 ? 'end' : offset();
      const data = bytes(1 + below(below(3) === 0 ? 3 * blocks : 5000));
      await content.write(at, data);
      const start = at === 'end' ? model.length : at;
      const next = new Uint8Array(Math.max(model.length, start + data.length));
      next.set(model);
      next.set(data, start);
      model = next;
    } else if (what < 15) {
      const length = below(2) === 0 ? below(model.length + 1) : Math.min(offset(), size + 2 * blocks);
      await content.truncate(length);
      const next = new Uint8Array(length);
      next.set(model.subarray(0, length));
      model = next;
    } else if (what === 15) {
      await content.sync();
    } else if (what === 16) {
      await store.drain();
      expect(Buffer.compare(await readFile(remote, 'a/file'), model), `upload ${i} of seed ${seed}`).toBe(0);
    } else if (what === 17) {
      const before = content;
      await closeContent(content);
      content = before.isDirty ? before : store.open(await remote.stat('a/file'));
      content.retain();
    } else if (what === 18) {
      await closeContent(content);
      await store[Symbol.asyncDispose]();
      store = await openStore(remote, folder, options);
      content = await open();
    } else {
      expect(content.size).toBe(model.length);
    }
  }
  expect(Buffer.compare(await all(content), model), `end of seed ${seed}`).toBe(0);
  await closeContent(content);
  await store.drain();
  expect(Buffer.compare(await readFile(remote, 'a/file'), model), `last upload of seed ${seed}`).toBe(0);
  expect(store.pending()).toEqual({ files: 0, bytes: 0, failures: [] });
  await store[Symbol.asyncDispose]();
}

const seeds = Array.from({ length: 4 }, () => Math.floor(Math.random() * 2 ** 31));

describe.each(['full', 'writes'] as const)('in mode %s', (mode) => {
  test.each(seeds)('random operations and restarts give what a plain file gives, seed %d', async (seed) => {
    await run(seed, 150, 6 * blocks, { mode, writeBack: never });
  });
  test.each(seeds)('so they do with uploads in between and little memory, seed %d', async (seed) => {
    await run(seed, 50, 150 * blocks, { mode, memory: 0 });
  });
});
