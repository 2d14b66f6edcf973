import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { networkFailure, troubled } from '../troubled.ts';
import { cacheFolder, createContent, eachWithCache, never, openStore, readFile } from './bench.ts';

const options = { syncsRemote: true, writeBack: never };
const bench = eachWithCache();

const textOn = async (path: string): Promise<string> => Buffer.from(await readFile(bench.remote, path)).toString();

test('a sync that waits for the remote resolves when the bytes stand there', async () => {
  bench.store = await openStore(bench.remote, cacheFolder(), options);
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('first'));
  await content.sync();
  expect(await textOn('file')).toBe('first');
  expect(content.isDirty).toBe(false);
  await content.write(5, Buffer.from(' second'));
  await content.sync();
  expect(await textOn('file')).toBe('first second');
  await content.release();
});

test('without that, a sync leaves the file in the cache', async () => {
  bench.store = await openStore(bench.remote, cacheFolder(), { writeBack: never });
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('first'));
  await content.sync();
  await expect(bench.remote.stat('file')).rejects.toMatchObject({ kind: 'not-found' });
  await content.release();
});

test('a sync throws what kept the bytes from the remote, and they stay to be uploaded', async () => {
  let isAway = true;
  const far = troubled(bench.remote, {
    fail(method, path) {
      if (method === 'write' && isAway) throw networkFailure(path);
    },
  });
  bench.store = await openStore(far, cacheFolder(), options);
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('content'));
  await expect(content.sync()).rejects.toMatchObject({ kind: 'transient' });
  expect(bench.store.pending().files).toBe(1);
  isAway = false;
  await content.sync();
  expect(await textOn('file')).toBe('content');
  await content.release();
});

test('a sync ends although others write all the time, with what was written before it', async () => {
  const slow = troubled(bench.remote, { delay: 20 });
  bench.store = await openStore(slow, cacheFolder(), options);
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('before'));
  let isSynced = false;
  const writing = (async () => {
    while (!isSynced) {
      await content.write(10, Buffer.from('meanwhile'));
      await sleep(1);
    }
  })();
  await content.sync();
  isSynced = true;
  expect((await textOn('file')).slice(0, 6)).toBe('before');
  await writing;
  await content.release();
});

test('a sync does not wait for a file that was removed', async () => {
  bench.store = await openStore(bench.remote, cacheFolder(), options);
  const content = createContent(bench.store, 'file');
  await content.write(0, Buffer.from('content'));
  await (await content.hold()).removed();
  await content.sync();
  await expect(bench.remote.stat('file')).rejects.toMatchObject({ kind: 'not-found' });
  await content.release();
});
