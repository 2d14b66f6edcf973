import { expect, test } from 'vitest';
import { sourceOf } from '../../src/core/bytes.ts';
import type { Remote } from '../../src/core/remote.ts';
import { silentReport } from '../../src/core/report.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import type { ContentStore } from '../../src/vfs/content.ts';
import { createDirectStore, defaultRetries } from '../../src/vfs/direct/store.ts';
import { patterned } from '../contract/remote/bench.ts';
import { makeScratch } from '../scratch.ts';
import { cacheFolder, openStore } from './cache/bench.ts';
import { usualReading } from './usual-reading.ts';

const path = 'bucket/file';
const data = patterned(300_000);
const newData = patterned(300_000).reverse();

/** A remote with a file, which stands still where a reader looks for the version of the bytes that it has got. */
async function standingStill() {
  const base = createMemoryRemote();
  await base.write(path, sourceOf(data), { modified: 1_000_000_000n });
  let goOn = (): void => {};
  let reached = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let looks = 0;
  const remote: Remote = {
    ...base,
    async stat(at, call) {
      if (looks++ === 0) {
        reached();
        await waiting;
      }
      return base.stat(at, call);
    },
  };
  return { base, remote, isReached, goOn };
}

const stores: Readonly<Record<string, (remote: Remote) => Promise<ContentStore>>> = {
  'without a cache': async (remote) =>
    createDirectStore(
      remote,
      { spoolFolder: makeScratch(), reading: usualReading, retries: defaultRetries },
      silentReport,
    ),
  'with a cache': (remote) => openStore(remote, cacheFolder()),
};

test.each(Object.entries(stores))('a read goes on while the time of its file is set, %s', async (_, open) => {
  const { base, remote, isReached, goOn } = await standingStill();
  const store = await open(remote);
  const content = store.open(await base.stat(path));
  content.retain();
  const reading = content.read(100_000, 4096);
  await isReached;
  await content.setModified(2_000_000_000n);
  goOn();
  expect(Buffer.compare(await reading, data.subarray(100_000, 104_096))).toBe(0);
  await content.release();
  await store[Symbol.asyncDispose]();
});

test.each(Object.entries(stores))('a read goes on while its file is written and uploaded, %s', async (_, open) => {
  const { base, remote, isReached, goOn } = await standingStill();
  const store = await open(remote);
  const content = store.open(await base.stat(path));
  content.retain();
  const reading = content.read(100_000, 4096);
  await isReached;
  await content.write(0, newData);
  await content.flush();
  await store.drain();
  goOn();
  const bytes = Buffer.from(await reading);
  expect([data, newData].map((state) => bytes.equals(state.subarray(100_000, 104_096)))).toContain(true);
  expect(Buffer.compare(await content.read(0, newData.length), newData)).toBe(0);
  await content.release();
  await store[Symbol.asyncDispose]();
});

test('a read of a version that others have replaced still fails', async () => {
  const { base, remote, isReached, goOn } = await standingStill();
  const store = await openStore(remote, cacheFolder());
  const content = store.open(await base.stat(path));
  content.retain();
  const reading = content.read(100_000, 4096);
  await isReached;
  await base.write(path, sourceOf(newData), { modified: 3_000_000_000n });
  goOn();
  await expect(reading).rejects.toMatchObject({ kind: 'changed' });
  await content.release();
  await store[Symbol.asyncDispose]();
});
