import { expect, test } from 'vitest';
import type { Range } from '../../src/core/bytes.ts';
import type { Remote } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { createReader, type ReaderOptions } from '../../src/vfs/direct/reader.ts';
import { failureOf, patterned } from '../contract/remote/bench.ts';
import { createBench } from '../contract/vfs/bench.ts';

const path = 'bucket/file';
const kilobyte = 1024;

/** A remote that holds `data`. */
async function remoteOf(data: Uint8Array) {
  const remote = createMemoryRemote();
  await createBench({ remote, path: 'bucket' }).behind.put('file', data);
  return { remote, entry: await remote.stat(path) };
}

/** A reader of `data` and the ranges that the remote was asked for. */
async function readerOf(data: Uint8Array, options: Partial<ReaderOptions> = {}) {
  const { remote: base, entry } = await remoteOf(data);
  const asked: string[] = [];
  const remote: Remote = {
    ...base,
    read(at, range: Range = { start: 0 }, call) {
      asked.push(`${range.start / kilobyte}-${(range.end ?? data.length) / kilobyte}`);
      return base.read(at, range, call);
    },
  };
  return { asked, reader: createReader(remote, entry, { size: 128 << 20, limit: -1, wait: 20, ...options }) };
}

test('reading through asks once', async () => {
  const data = patterned(2 << 20);
  const { asked, reader } = await readerOf(data);
  for (let offset = 0; offset < data.length; offset += 128 * kilobyte) await reader.read(offset, 128 * kilobyte);
  expect(asked).toEqual(['0-2048']);
});

test('a file is read of a store that does not say how long it is while it sends it', async () => {
  const data = patterned(100_000);
  const { remote, entry } = await remoteOf(data);
  const open = async () => ({
    entry: { ...entry, size: -1 },
    bytes: remote.read(path),
    async [Symbol.asyncDispose]() {},
  });
  const reader = createReader({ ...remote, open }, entry, { size: 128 << 20, limit: -1, wait: 20 });
  expect(Buffer.compare(await reader.read(0, data.length), data)).toBe(0);
  reader.stop();
});

test('reading through asks for ranges that double up to their limit', async () => {
  const data = patterned(1 << 20);
  const { asked, reader } = await readerOf(data, { size: 64 * kilobyte, limit: 256 * kilobyte });
  for (let offset = 0; offset < data.length; offset += 32 * kilobyte) await reader.read(offset, 32 * kilobyte);
  expect(asked).toEqual(['0-64', '64-192', '192-448', '448-704', '704-960', '960-1024']);
});

test('a read somewhere asks for what it reads, and one that goes on from there for the rest', async () => {
  const data = patterned(1 << 20);
  const { asked, reader } = await readerOf(data);
  await reader.read(512 * kilobyte, 4 * kilobyte);
  await reader.read(100 * kilobyte, 4 * kilobyte);
  expect(asked).toEqual(['512-516', '100-104']);
  await reader.read(104 * kilobyte, 4 * kilobyte);
  await reader.read(108 * kilobyte, 4 * kilobyte);
  expect(asked.slice(2)).toEqual(['104-1024']);
  reader.stop();
});

test('reads beside each other share one request, out of order too', async () => {
  const data = patterned(1 << 20);
  const { asked, reader } = await readerOf(data, { wait: 60_000 });
  await reader.read(0, 64 * kilobyte);
  const order = [2, 1, 4, 3, 5];
  const found = await Promise.all(order.map((i) => reader.read(i * 64 * kilobyte, 64 * kilobyte)));
  order.forEach((i, n) => {
    expect(Buffer.compare(found[n] as Uint8Array, data.subarray(i * 64 * kilobyte, (i + 1) * 64 * kilobyte))).toBe(0);
  });
  expect(asked).toEqual(['0-1024']);
  reader.stop();
});

test('a reader who gives up leaves the others undisturbed', async () => {
  const data = patterned(1 << 20);
  const { reader } = await readerOf(data);
  const gone = new AbortController();
  const first = reader.read(0, 64 * kilobyte, gone.signal);
  const second = reader.read(64 * kilobyte, 64 * kilobyte);
  gone.abort();
  expect(await failureOf(first)).toBe('cancelled');
  expect(Buffer.compare(await second, data.subarray(64 * kilobyte, 128 * kilobyte))).toBe(0);
  reader.stop();
});

test('a read-only Vfs changes nothing', async () => {
  const bench = createBench({ remote: createMemoryRemote(), path: 'bucket' }, { vfs: { isReadOnly: true } });
  await bench.behind.put('file', 'content');
  await bench.behind.put('sub/file', 'content');
  const write = { read: true, write: true, truncate: false };
  const attempts = [
    () => bench.create('new'),
    () => bench.makeFolder('new'),
    () => bench.open('file', write),
    () => bench.remove('file'),
    () => bench.removeFolder('sub'),
    () => bench.rename('file', 'other'),
    async () => bench.vfs.setAttributes(await bench.node('file'), { size: 0 }),
  ];
  for (const attempt of attempts) expect(await failureOf(attempt())).toBe('denied');
  expect(await bench.text('file')).toBe('content');
});

test('of very many files that are read through at once, few keep a request open', async () => {
  const size = 64 * kilobyte;
  const data = patterned(256 * kilobyte);
  const opened = await Promise.all(Array.from({ length: 80 }, () => readerOf(data)));
  for (const { reader } of opened) await reader.read(0, size);
  for (const { reader } of opened.toReversed()) {
    expect(Buffer.compare(await reader.read(size, size), data.subarray(size, 2 * size))).toBe(0);
  }
  expect(opened.filter(({ asked }) => asked.length === 1)).toHaveLength(64);
  expect(opened[0]?.asked).toEqual(['0-256', '64-128']);
  for (const { reader } of opened) reader.stop();
});
