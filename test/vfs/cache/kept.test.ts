import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Remote } from '../../../src/core/remote.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
import { networkFailure, troubled } from '../troubled.ts';
import {
  cacheFolder,
  closeContent,
  createContent,
  cryptInMemory,
  filesIn,
  never,
  openContent,
  openStore,
  putFile,
} from './bench.ts';

const asked = { attributes: true } as const;
const attributes = Buffer.from('mode and owner of patient 0815');
let remote: Remote;
let folder: string;
let store: ContentStore | undefined;

beforeEach(async () => {
  remote = await cryptInMemory();
  folder = cacheFolder();
});
afterEach(async () => {
  await store?.[Symbol.asyncDispose]();
  store = undefined;
});

const keptOf = async (path: string): Promise<string> =>
  Buffer.from((await remote.stat(path, asked)).attributes ?? []).toString();

test('attributes of a file that waits are uploaded by the next run, and stand in no cache in plain', async () => {
  const before = await openStore(remote, folder, { writeBack: never });
  const content = createContent(before, 'file');
  await content.write(0, Buffer.from('content'));
  await content.flush();
  await content.setAttributes(attributes);
  await closeContent(content);
  await before[Symbol.asyncDispose]();
  for (const [path, data] of filesIn(folder)) expect(data.includes('patient'), path).toBe(false);

  store = await openStore(remote, folder, { writeBack: never });
  expect(store.recovered()[0]?.attributes).toEqual(new Uint8Array(attributes));
  await store.drain();
  expect(await keptOf('file')).toBe(attributes.toString());
});

test('those of a file that is not dirty are on the remote at once, or who set them hears why not', async () => {
  let isAway = false;
  const far: Remote = {
    ...remote,
    async setAttributes(path, given) {
      if (isAway) throw networkFailure(path);
      await remote.setAttributes?.(path, given);
    },
  };
  await putFile(remote, 'file', Buffer.from('content'));
  store = await openStore(far, folder, { writeBack: never });
  const content = await openContent(store, far, 'file');
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
  const flaky = troubled(remote, {
    fail(method, path) {
      if (method === 'write' && failures-- > 0) throw networkFailure(path);
    },
  });
  store = await openStore(flaky, folder);
  const content = createContent(store, 'file');
  await content.setAttributes(attributes);
  await closeContent(content);
  await store.drain();
  expect(await keptOf('file')).toBe(attributes.toString());
});
