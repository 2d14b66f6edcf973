import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordingReport } from '../../remotes/local/folder.ts';
import {
  all,
  closeContent,
  createContent,
  eachWithCache,
  filesIn,
  leaveDirty,
  never,
  openContent,
  openStore,
  putFile,
  readFile,
} from './bench.ts';

const secret = 'GATTACA-patient-0815';
const bench = eachWithCache();

/** Ends of the names of files in which the secret stands. */
function plainFiles(): string[] {
  return [...filesIn(bench.folder)]
    .filter(([, data]) => data.includes(secret))
    .map(([path]) => path.replace(/^.*\./, ''));
}

const leave = (path: string, isPlain: boolean): Promise<void> =>
  leaveDirty(bench, path, Buffer.from(secret), { isPlain });

test('an unencrypted cache holds what is written and read as it is', async () => {
  await putFile(bench.remote, 'read', Buffer.from(secret));
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never, isPlain: true });
  const read = await openContent(bench.store, bench.remote, 'read');
  await all(read);
  await read.release();
  const written = createContent(bench.store, 'written');
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
  bench.store = await openStore(bench.remote, bench.folder, { isPlain: !isPlain });
  await bench.store.drain();
  expect(Buffer.from(await readFile(bench.remote, 'file')).toString()).toBe(secret);
});

test('an encrypted cache keeps nothing that an unencrypted one had', async () => {
  await putFile(bench.remote, 'read', Buffer.from(secret));
  const before = await openStore(bench.remote, bench.folder, { isPlain: true });
  const content = await openContent(before, bench.remote, 'read');
  await all(content);
  await content.release();
  await before[Symbol.asyncDispose]();
  expect(plainFiles()).toEqual(['blocks']);
  await leave('file', true);
  bench.store = await openStore(bench.remote, bench.folder);
  await bench.store.drain();
  await bench.store[Symbol.asyncDispose]();
  expect(plainFiles()).toEqual([]);
});

test('damage is found in an unencrypted cache, and fetched again', async () => {
  const data = Buffer.from(secret.repeat(10_000));
  await putFile(bench.remote, 'file', data);
  const before = await openStore(bench.remote, bench.folder, { isPlain: true });
  const content = await openContent(before, bench.remote, 'file');
  await all(content);
  await content.release();
  await before[Symbol.asyncDispose]();
  for (const [path, bytes] of filesIn(bench.folder)) {
    if (!path.endsWith('.blocks')) continue;
    bytes[100_000] = (bytes[100_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }
  const { report, lines } = recordingReport();
  bench.store = await openStore(bench.remote, bench.folder, { isPlain: true }, report);
  const again = await openContent(bench.store, bench.remote, 'file');
  expect(Buffer.compare(await all(again), data)).toBe(0);
  expect(lines()).toMatch(/is damaged at byte \d+: fetched again/);
  await again.release();
});
