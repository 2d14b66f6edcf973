import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { slotSize } from '../../../src/vfs/cache/slots.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
import { cryptOver } from '../../remotes/crypt/crypt-over.ts';
import { createPeople, crypt4ghOver, keysOf } from '../../remotes/crypt4gh/crypt4gh-over.ts';
import { recordingReport } from '../../remotes/local/folder.ts';
import {
  all,
  cacheFolder,
  closeContent,
  createContent,
  cryptInMemory,
  filesIn,
  never,
  openContent,
  openStore,
  putFile,
  readFile,
} from './bench.ts';

let store: ContentStore | undefined;
afterEach(async () => {
  await store?.[Symbol.asyncDispose]();
  store = undefined;
});

const secret = 'GATTACA-patient-0815';
const newPerson = createPeople();
const keyFiles = (folder: string): readonly string[] =>
  [...filesIn(folder).keys()].filter((path) => path.endsWith('/key'));

test('neither content nor names of what is read and written are in the cache in plain', async () => {
  const remote = await cryptInMemory();
  const folder = cacheFolder();
  const text = Buffer.from(`${secret} `.repeat(20_000));
  await putFile(remote, `${secret}/read`, text);
  store = await openStore(remote, folder, { writeBack: never });
  const read = await openContent(store, remote, `${secret}/read`);
  expect(Buffer.compare(await all(read), text)).toBe(0);
  const written = createContent(store, `${secret}/written`);
  await written.write(100_000, text);
  await closeContent(written);
  await closeContent(read);
  await store[Symbol.asyncDispose]();
  store = undefined;

  const files = filesIn(folder);
  expect(files.size).toBe(4);
  for (const [path, data] of files) {
    expect(path).toMatch(/\/vfs\/[0-9a-f]{32}\/[0-9a-f]{32}\.(blocks|clean|dirty)$/);
    for (const hidden of [secret, 'patient', 'written', 'read'])
      expect(data.includes(hidden), `${hidden} in ${path}`).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
  const own = join(folder, 'vfs', readdirSync(join(folder, 'vfs'))[0] ?? '');
  expect(statSync(own).mode & 0o777).toBe(0o700);
  expect(existsSync(join(own, 'key'))).toBe(false);
});

test('a block that is written again is sealed under another nonce', async () => {
  const remote = await cryptInMemory();
  const folder = cacheFolder();
  store = await openStore(remote, folder, { writeBack: never });
  const content = createContent(store, 'file');
  const boxes = new Map<string, string>();
  for (let round = 0; round < 40; round++) {
    await content.write((round % 3) * 65_536, new Uint8Array(65_536).fill(round));
    await content.sync();
    for (const [path, data] of filesIn(folder)) {
      if (!path.endsWith('.blocks')) continue;
      for (let start = 0; start < data.length; start += slotSize) {
        const nonce = data.toString('hex', start, start + 12);
        const box = data.toString('hex', start + 16, start + 48);
        expect(boxes.get(nonce) ?? box, 'two contents under one nonce').toBe(box);
        boxes.set(nonce, box);
      }
    }
  }
  expect(boxes.size).toBe(40);
  await content.release();
});

test('what was written under another password is not uploaded, not lost, and told', async () => {
  const base = createMemoryRemote();
  const folder = cacheFolder();
  const before = await cryptOver({ remote: base, path: 'bucket' }, { password: 'before' });
  store = await openStore(before, folder, { writeBack: never });
  const content = createContent(store, 'file');
  await content.write(0, Buffer.from('precious'));
  await closeContent(content);
  await store[Symbol.asyncDispose]();

  const { report, lines } = recordingReport();
  const after = await cryptOver({ remote: base, path: 'bucket' }, { password: 'after' });
  store = await openStore(after, folder, { writeBack: never }, report);
  expect(store.recovered()).toEqual([]);
  expect(lines()).toMatch(/was left to upload and cannot be read/);
  const kept = [...filesIn(folder).keys()].filter((path) => path.includes('/damaged/'));
  expect(kept.map((path) => path.slice(-6)).sort()).toEqual(['.dirty', 'blocks']);
});

test('the cache of a remote without a key keeps one of its own, and finds what was left', async () => {
  const remote = createMemoryRemote();
  const folder = cacheFolder();
  store = await openStore(remote, folder, { writeBack: never });
  const content = createContent(store, 'bucket/file');
  await content.write(0, Buffer.from(secret));
  await closeContent(content);
  await store[Symbol.asyncDispose]();
  for (const [path, data] of filesIn(folder)) expect(data.includes(secret), path).toBe(false);
  store = await openStore(remote, folder, { writeBack: never });
  expect(store.recovered().map(({ path }) => path)).toEqual(['bucket/file']);
});

test('the cache of a Crypt4GH remote opens with the secret key of its user, and no key lies in it', async () => {
  const base = createMemoryRemote();
  const folder = cacheFolder();
  const [maria, paul] = [await newPerson('maria'), await newPerson('paul')];
  const mount = async (person: typeof maria): Promise<ContentStore> =>
    openStore(await crypt4ghOver({ remote: base, path: 'bucket' }, keysOf(person)), folder, { writeBack: never });
  store = await mount(maria);
  const content = createContent(store, 'file');
  await content.write(0, Buffer.from(secret));
  await closeContent(content);
  await store[Symbol.asyncDispose]();
  expect(keyFiles(folder)).toEqual([]);
  for (const [path, data] of filesIn(folder)) expect(data.includes(secret), path).toBe(false);

  store = await mount(maria);
  expect(store.recovered().map(({ path }) => path)).toEqual(['file']);
  await store[Symbol.asyncDispose]();
  store = await mount(paul);
  expect(store.recovered()).toEqual([]);
});

test('what a drop box left is uploaded after it got a secret key, and then the key goes from the cache', async () => {
  const base = { remote: createMemoryRemote(), path: 'bucket' };
  const folder = cacheFolder();
  const person = await newPerson('writer');
  store = await openStore(await crypt4ghOver(base, { ...keysOf(person), secret_key: '' }), folder, {
    writeBack: never,
  });
  const content = createContent(store, 'file');
  await content.write(0, Buffer.from(secret));
  await closeContent(content);
  await store[Symbol.asyncDispose]();
  expect(keyFiles(folder)).toHaveLength(1);

  const remote = await crypt4ghOver(base, keysOf(person));
  store = await openStore(remote, folder);
  await store.drain();
  await store[Symbol.asyncDispose]();
  expect(Buffer.from(await readFile(remote, 'file')).toString()).toBe(secret);
  store = await openStore(remote, folder);
  expect(keyFiles(folder)).toEqual([]);
});
