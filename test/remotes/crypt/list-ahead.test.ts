import { beforeEach, expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import type { Call, ListAhead, Location, Remote } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import type { CryptOptions } from '../../../src/remotes/crypt/options.ts';
import { createMemoryRemote } from '../../../src/remotes/memory.ts';
import { createListAhead } from '../../../src/transfer/list-ahead.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { cryptOver } from './crypt-over.ts';

const dirs = ['', 'job', 'job/deep'];

let listed: string[];
let base: Location;
beforeEach(async () => {
  listed = [];
  const memory = createMemoryRemote();
  const list = (dir: string, call?: Call) => {
    listed.push(dir);
    return memory.list(dir, call);
  };
  const walk = (dir: string, call?: Call) => {
    listed.push(`all of ${dir}`);
    return memory.walk?.(dir, call) ?? memory.list(dir, call);
  };
  base = { remote: { ...memory, list, walk }, path: 'bucket/sealed' };
  const remote = await cryptOver(base);
  for (const path of ['a', 'job/b', 'job/deep/c']) await remote.write(path, sourceOf(Buffer.from(path)), {});
});

const openedWith = (ahead: ListAhead, own: Partial<CryptOptions> = {}): Promise<Remote> =>
  cryptOver(base, own, silentReport, ahead);
const newAhead = (): ListAhead =>
  createListAhead(
    new AbortController().signal,
    () => 'list',
    () => 0,
  );

test('the base is listed while the keys are derived, and not again by who asked for that', async () => {
  await using ahead = newAhead();
  const remote = await openedWith(ahead);
  for (const dir of dirs) {
    const entries = await entriesOf(remote.list(dir, { ahead }));
    expect(entries).toEqual(await entriesOf((await cryptOver(base)).list(dir)));
  }
  // Once ahead, once for the comparison.
  expect(listed.filter((dir) => dir === base.path)).toHaveLength(2);
});

test('what was listed of the base serves the remote’s own listing that begins ahead', async () => {
  await using ahead = newAhead();
  const remote = await openedWith(ahead);
  ahead.begin({ remote, path: '' }, Promise.resolve());
  const pages = ahead.take(remote, '', 'list');
  const entries = pages && (await entriesOf(pages));
  expect(entries?.map(({ path }) => path).sort()).toEqual(['a', 'job']);
  expect(listed.filter((dir) => dir === base.path)).toHaveLength(1);
});

test('who walks all of it is given the one sweep that began meanwhile', async () => {
  await using ahead = createListAhead(
    new AbortController().signal,
    () => 'walk',
    () => 0,
  );
  const remote = await openedWith(ahead);
  const entries = await entriesOf(remote.walk?.('', { ahead }) ?? remote.list(''));
  expect(entries.map(({ path }) => path).sort()).toEqual(['a', 'job/b', 'job/deep/c']);
  expect(listed).toEqual(['all of bucket/sealed']);
});

test('who did not ask for it lists what is there now', async () => {
  await using ahead = newAhead();
  const remote = await openedWith(ahead);
  await remote.write('late', sourceOf(Buffer.from('late')), {});
  expect((await entriesOf(remote.list(''))).map(({ path }) => path).sort()).toEqual(['a', 'job', 'late']);
});

test('a wrong password is the error that it is', async () => {
  await using ahead = newAhead();
  const wrong = await openedWith(ahead, { password: 'tomato' });
  await expect(entriesOf(wrong.list('', { ahead }))).rejects.toMatchObject({ kind: 'wrong-password', path: '' });
});

test('a password that is not to be had ends what was begun', async () => {
  await using ahead = newAhead();
  const own = { password: '', password_file: '/nonexistent/password' };
  await expect(openedWith(ahead, own)).rejects.toMatchObject({ kind: 'usage' });
});

test('a remote that is being given new passwords is listed in its own order', async () => {
  const begun: Location[] = [];
  const ahead: ListAhead = { ...newAhead(), begin: (root) => void begun.push(root) };
  const own = { previous_password: 'old potato' };
  // What moves from one pair of passwords to the other meanwhile must be met at least once.
  await openedWith(ahead, own);
  expect(begun).toEqual([]);
  await openedWith(ahead);
  expect(begun).toEqual([base]);
});
