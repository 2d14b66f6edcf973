import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Remote } from '../../../src/core/remote.ts';
import type { ContentStore } from '../../../src/vfs/content.ts';
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

const secret = 'GATTACA-patient-0815';
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

/** Ends of the names of files in which the secret stands. */
function plainFiles(): string[] {
  return [...filesIn(folder)].filter(([, data]) => data.includes(secret)).map(([path]) => path.replace(/^.*\./, ''));
}

async function leave(path: string, isPlain: boolean): Promise<void> {
  const before = await openStore(remote, folder, { writeBack: never, isPlain });
  const content = createContent(before, path);
  await content.write(0, Buffer.from(secret));
  await closeContent(content);
  await before[Symbol.asyncDispose]();
}

test('an unencrypted cache holds what is written and read as it is', async () => {
  await putFile(remote, 'read', Buffer.from(secret));
  store = await openStore(remote, folder, { writeBack: never, isPlain: true });
  const read = await openContent(store, remote, 'read');
  await all(read);
  await read.release();
  const written = createContent(store, 'written');
  await written.write(0, Buffer.from(secret));
  await closeContent(written);
  expect(plainFiles()).toEqual(['blocks', 'blocks']);
});

test.each([
  { first: 'encrypted', next: 'unencrypted' },
  { first: 'unencrypted', next: 'encrypted' },
])('what a mount left in its $first cache is uploaded by the next one, whose cache is $next', async ({ first }) => {
  const isPlain = first === 'unencrypted';
  await leave('file', isPlain);
  expect(plainFiles()).toEqual(isPlain ? ['blocks'] : []);
  store = await openStore(remote, folder, { isPlain: !isPlain });
  await store.drain();
  expect(Buffer.from(await readFile(remote, 'file')).toString()).toBe(secret);
});

test('an encrypted cache keeps nothing that an unencrypted one had', async () => {
  await putFile(remote, 'read', Buffer.from(secret));
  const before = await openStore(remote, folder, { isPlain: true });
  const content = await openContent(before, remote, 'read');
  await all(content);
  await content.release();
  await before[Symbol.asyncDispose]();
  expect(plainFiles()).toEqual(['blocks']);
  await leave('file', true);
  store = await openStore(remote, folder);
  await store.drain();
  await store[Symbol.asyncDispose]();
  expect(plainFiles()).toEqual([]);
});

test('damage is found in an unencrypted cache, and fetched again', async () => {
  const data = Buffer.from(secret.repeat(10_000));
  await putFile(remote, 'file', data);
  const before = await openStore(remote, folder, { isPlain: true });
  const content = await openContent(before, remote, 'file');
  await all(content);
  await content.release();
  await before[Symbol.asyncDispose]();
  for (const [path, bytes] of filesIn(folder)) {
    if (!path.endsWith('.blocks')) continue;
    bytes[100_000] = (bytes[100_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }
  const { report, lines } = recordingReport();
  store = await openStore(remote, folder, { isPlain: true }, report);
  const again = await openContent(store, remote, 'file');
  expect(Buffer.compare(await all(again), data)).toBe(0);
  expect(lines()).toMatch(/is damaged at byte \d+: fetched again/);
  await again.release();
});
