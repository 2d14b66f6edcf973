import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Range } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import type { CacheOptions } from '../../../src/vfs/cache/options.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
import { all, cacheFolder, cryptInMemory, filesIn, openContent, openStore, putFile } from './bench.ts';
import { random } from './random.ts';

const block = 1 << 16;
const data = random(7).bytes(400 * block + 1234);

let remote: Remote;
let asked: Range[];
let folder: string;
let store: ContentStore;

/** Keeps what is asked of the remote. */
function watched(base: Remote): Remote {
  return {
    ...base,
    read(path, range, call) {
      asked.push(range ?? { start: 0 });
      return base.read(path, range, call);
    },
  };
}

async function start(options: Partial<CacheOptions> = {}): Promise<void> {
  store = await openStore(remote, folder, options);
}

beforeEach(async () => {
  asked = [];
  const base = await cryptInMemory();
  await putFile(base, 'file', data);
  remote = watched(base);
  folder = cacheFolder();
});
afterEach(() => store[Symbol.asyncDispose]());

describe.each(['full', 'writes'] as const)('in mode %s', (mode) => {
  test('a file is read from its start to its end with one request', async () => {
    await start({ mode });
    const content = await openContent(store, remote, 'file');
    for (let offset = 0; offset < data.length; offset += 131_072) {
      const bytes = await content.read(offset, 131_072);
      expect(Buffer.compare(bytes, data.subarray(offset, offset + 131_072)), `at ${offset}`).toBe(0);
    }
    expect(asked).toEqual([{ start: 0, end: data.length }]);
    await content.release();
  });

  test('a read somewhere asks for whole chunks and no more', async () => {
    await start({ mode });
    const content = await openContent(store, remote, 'file');
    await content.read(100 * block + 5, 10);
    await content.read(200 * block - 1, 2);
    await content.read(100 * block, block);
    expect(asked).toEqual([
      { start: 100 * block, end: 101 * block },
      { start: 199 * block, end: 201 * block },
    ]);
    await content.release();
  });

  test('what is in memory is given at once, in parts, and nothing else is', async () => {
    await start({ mode });
    const content = await openContent(store, remote, 'file');
    expect(content.readNow(100 * block, 10)).toBeNull();
    await content.read(100 * block, 2 * block);
    const parts = content.readNow(100 * block + 5, block + 100) ?? [];
    expect(parts.map(({ length }) => length)).toEqual([block - 5, 105]);
    expect(Buffer.compare(Buffer.concat(parts), data.subarray(100 * block + 5, 101 * block + 105))).toBe(0);
    expect(content.readNow(101 * block, block + 1)).toBeNull();
    await content.read(data.length - 10, 10);
    const last = content.readNow(data.length - 10, 1000) ?? [];
    expect(Buffer.compare(Buffer.concat(last), data.subarray(-10))).toBe(0);
    expect(content.readNow(data.length, 1000)).toEqual([]);
    await content.release();
  });

  test('what is not in memory is brought there, and given as bytes where it has no place in it', async () => {
    await start({ mode });
    const content = await openContent(store, remote, 'file');
    expect(await content.readSoon(100 * block + 5, block)).toBeNull();
    const parts = content.readNow(100 * block + 5, block) ?? [];
    expect(Buffer.compare(Buffer.concat(parts), data.subarray(100 * block + 5, 101 * block + 5))).toBe(0);
    await content.truncate(data.length + block);
    const end = await content.readSoon(data.length - 5, 10);
    expect(end && Buffer.compare(end, Buffer.concat([data.subarray(-5), Buffer.alloc(5)]))).toBe(0);
    await content.release();
  });

  test('who reads on from somewhere gets one more request, for the rest', async () => {
    await start({ mode });
    const content = await openContent(store, remote, 'file');
    for (let at = 100; at < 300; at++) await content.read(at * block, block);
    expect(asked.length).toBe(2);
    expect(asked[1]?.start).toBe(101 * block);
    await content.release();
  });

  test('64 readers of one file share what is fetched', async () => {
    await start({ mode });
    const content = await openContent(store, remote, 'file');
    const readers = Array.from({ length: 64 }, async () => {
      for (let offset = 0; offset < 100 * block; offset += 20 * block) {
        const bytes = await content.read(offset, 5000);
        expect(Buffer.compare(bytes, data.subarray(offset, offset + 5000))).toBe(0);
      }
    });
    await Promise.all(readers);
    expect(asked).toEqual([{ start: 0, end: data.length }]);
    await content.release();
  });

  test('a reader who stops has not fetched all', async () => {
    const remoteFile = await remote.stat('file');
    await start({ mode });
    const content = store.open(remoteFile);
    content.retain();
    await content.read(0, 4096);
    await content.release();
    const cached = [...filesIn(folder).values()].reduce((sum, { length }) => sum + length, 0);
    expect(cached).toBeLessThan(40 * block);
  });
});

test('what was read is there at the next mount, without the remote', async () => {
  await start();
  const content = await openContent(store, remote, 'file');
  expect(Buffer.compare(await all(content), data)).toBe(0);
  await content.release();
  const again = await openContent(store, remote, 'file');
  expect(Buffer.compare(await all(again), data)).toBe(0);
  await again.release();
  await store[Symbol.asyncDispose]();
  await start();
  const next = await openContent(store, remote, 'file');
  expect(Buffer.compare(await all(next), data)).toBe(0);
  await next.release();
  expect(asked.length).toBe(1);
});

test('a read of more than the memory takes comes to its end', async () => {
  await start({ mode: 'writes', memory: 0 });
  const content = await openContent(store, remote, 'file');
  expect(Buffer.compare(await all(content), data)).toBe(0);
  await content.release();
});

test('another version of the file is not taken for the one in the cache', async () => {
  await start();
  const content = await openContent(store, remote, 'file');
  await all(content);
  await content.release();
  const changed = random(8).bytes(data.length);
  await putFile(remote, 'file', changed, 2_000_000_000n);
  const next = await openContent(store, remote, 'file');
  expect(Buffer.compare(await all(next), changed)).toBe(0);
  await next.release();
});

test('a read that is given up leaves the download to the others', async () => {
  await start();
  const content = await openContent(store, remote, 'file');
  const control = new AbortController();
  const given = content.readSoon(0, 20 * block, control.signal);
  const kept = content.read(0, 20 * block);
  control.abort();
  await expect(given).rejects.toMatchObject({ kind: 'cancelled' });
  expect(Buffer.compare(await kept, data.subarray(0, 20 * block))).toBe(0);
  await content.release();
});
