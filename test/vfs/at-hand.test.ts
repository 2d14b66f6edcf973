import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../src/core/bytes.ts';
import type { Remote } from '../../src/core/remote.ts';
import { silentReport } from '../../src/core/report.ts';
import type { Content, ContentStore } from '../../src/vfs/content.ts';
import { createDirectStore, defaultRetries } from '../../src/vfs/direct/store.ts';
import { entriesOf, failureOf, patterned } from '../contract/remote/bench.ts';
import { cryptOver } from '../remotes/crypt/crypt-over.ts';
import { type LocalFolder, localFolder } from '../remotes/local/folder.ts';
import { makeScratch } from '../scratch.ts';
import { cacheFolder, openStore } from './cache/bench.ts';
import { usualReading } from './usual-reading.ts';

const block = 1 << 16;
const data = patterned(20 * block + 1000);

let folder: LocalFolder;
let sealed: Remote;
let remote: Remote;
let store: ContentStore;
let content: Content;
let reads: number;

const put = (bytes: Uint8Array, modified: bigint) => remote.write('file', sourceOf(bytes), { modified });
const now = (offset: number, length: number): Buffer | null => {
  const parts = content.readNow(offset, length);
  return parts && Buffer.concat(parts);
};
const expectNow = (offset: number, length: number): void => {
  const bytes = now(offset, length);
  expect(bytes && Buffer.compare(bytes, data.subarray(offset, offset + length)), `at ${offset}`).toBe(0);
};

beforeEach(async () => {
  folder = localFolder();
  const base = folder.remote();
  reads = 0;
  sealed = {
    ...base,
    read(...args) {
      reads++;
      return base.read(...args);
    },
  };
  remote = await cryptOver({ remote: sealed, path: folder.path });
  await put(data, 1_000_000_000n);
});
afterEach(async () => {
  await content.release();
  await store[Symbol.asyncDispose]();
  folder.remove();
});

const stores: Readonly<Record<string, () => Promise<ContentStore> | ContentStore>> = {
  cached: () => openStore(remote, cacheFolder()),
  direct: () =>
    createDirectStore(
      remote,
      { spoolFolder: makeScratch(), reading: usualReading, retries: defaultRetries },
      silentReport,
    ),
};

describe.each(Object.keys(stores))('reads here and there, %s, of a file that is at hand', (kind) => {
  beforeEach(async () => {
    store = await (stores[kind] as () => Promise<ContentStore>)();
    content = store.open(await remote.stat('file'));
    content.retain();
    // A cache file is looked at when it is first used.
    await content.read(10 * block, 10);
    reads = 0;
  });

  test('are answered at once, and ask for nothing else', () => {
    for (const [offset, length] of [
      [3 * block + 4096, 4096],
      [2 * block - 100, 200],
      [7 * block, block],
      [data.length - 10, 10],
      [5 * block + 1, 10],
      [3 * block + 4096, 4096],
    ] as const) {
      expectNow(offset, length);
    }
    expect(now(data.length - 10, 1000)).toEqual(Buffer.from(data.subarray(-10)));
    expect(reads).toBe(0);
  });

  test('that go on from each other are one request, which runs ahead', async () => {
    expectNow(3 * block, block);
    expect(now(4 * block, block)).toBeNull();
    expect(Buffer.compare(await content.read(4 * block, block), data.subarray(4 * block, 5 * block))).toBe(0);
    expect(reads).toBeGreaterThan(0);
  });

  test('give nothing of another version', async () => {
    expectNow(3 * block, 10);
    await put(data.toReversed(), 2_000_000_000n);
    expect(now(6 * block, 10)).toBeNull();
    expect(await failureOf(content.read(6 * block, 10))).toBe('changed');
  });

  test('give nothing of a chunk that is damaged', async () => {
    expectNow(3 * block, 10);
    const entry = await remote.stat('file');
    const [{ path } = entry] = await entriesOf(sealed.list(folder.path));
    const bytes = await collect(sealed.read(path));
    const at = 32 + 6 * (block + 16) + 50_000;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(`/${path}`, bytes);
    await remote.setModified?.('file', entry.modified ?? 0n);
    expect(now(6 * block, 10)).toBeNull();
    expect(await failureOf(content.read(6 * block, 10))).toBe('corrupt');
  });

  test('wait for who is about to rename the file', async () => {
    const hold = await content.hold();
    expect(now(3 * block, 10)).toBeNull();
    hold.resume();
    expectNow(3 * block, 10);
  });
});
