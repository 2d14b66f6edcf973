import { expect, test } from 'vitest';
import type { Remote } from '../../../src/core/remote.ts';
import { networkFailure, troubled } from '../troubled.ts';
import {
  closeContent,
  createContent,
  eachWithCache,
  filesIn,
  never,
  openContent,
  openStore,
  putFile,
} from './bench.ts';

const asked = { attributes: true } as const;
const attributes = Buffer.from('mode and owner of patient 0815');
const bench = eachWithCache();

const keptOf = async (path: string): Promise<string> =>
  Buffer.from((await bench.remote.stat(path, asked)).attributes ?? []).toString();

test('attributes of a file that waits are uploaded by the next run, and stand in no cache in plain', async () => {
  const before = await openStore(bench.remote, bench.folder, { writeBack: never });
  const content = createContent(before, 'file');
  await content.write(0, Buffer.from('content'));
  await content.flush();
  await content.setAttributes(attributes);
  await closeContent(content);
  await before[Symbol.asyncDispose]();
  for (const [path, data] of filesIn(bench.folder)) expect(data.includes('patient'), path).toBe(false);

  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  expect(bench.store.recovered()[0]?.attributes).toEqual(new Uint8Array(attributes));
  await bench.store.drain();
  expect(await keptOf('file')).toBe(attributes.toString());
});

test('those of a file that is not dirty are on the remote at once, or who set them hears why not', async () => {
  let isAway = false;
  const far: Remote = {
    ...bench.remote,
    async setAttributes(path, given) {
      if (isAway) throw networkFailure(path);
      await bench.remote.setAttributes?.(path, given);
    },
  };
  await putFile(bench.remote, 'file', Buffer.from('content'));
  bench.store = await openStore(far, bench.folder, { writeBack: never });
  const content = await openContent(bench.store, far, 'file');
  await content.setAttributes(attributes);
  expect(content.isDirty).toBe(false);
  expect(await keptOf('file')).toBe(attributes.toString());
  isAway = true;
  await expect(content.setAttributes(Buffer.from('other'))).rejects.toMatchObject({ kind: 'transient' });
  expect(Buffer.from(content.attributes ?? []).toString()).toBe(attributes.toString());
  await content.release();
});

test('an upload that fails keeps them for the next try', async () => {
  let failures = 3;
  const flaky = troubled(bench.remote, {
    fail(method, path) {
      if (method === 'write' && failures-- > 0) throw networkFailure(path);
    },
  });
  bench.store = await openStore(flaky, bench.folder);
  const content = createContent(bench.store, 'file');
  await content.setAttributes(attributes);
  await closeContent(content);
  await bench.store.drain();
  expect(await keptOf('file')).toBe(attributes.toString());
});

test('who holds a content is told when nobody has it open and all is uploaded', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  const content = createContent(bench.store, 'file');
  const seen: boolean[] = [];
  content.onIdle = () => seen.push(content.isDirty);
  await content.write(0, Buffer.from('content'));
  await closeContent(content);
  expect(seen).toEqual([]);
  await bench.store.drain();
  expect(seen).toEqual([false]);
});
