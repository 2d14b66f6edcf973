import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Location, Remote } from '../../src/core/remote.ts';
import { nameOfBackup } from '../../src/transfer/backup.ts';
import { createCutoff } from '../../src/transfer/cutoff.ts';
import { createFilter } from '../../src/transfer/filter/filter.ts';
import { transferTree } from '../../src/transfer/sync.ts';
import { noFilterFlags } from './filter/no-flags.ts';
import { bucketOf, changed, filesIn, put, testSession } from './session.ts';

const beside = ({ remote }: Location): Location => ({ remote, path: 'backups' });

/** As S3 and Swift are. */
function copying(at: Location): Location {
  const { move: _, ...remote } = at.remote;
  return { remote, path: at.path };
}

const refuse = (): Promise<never> => Promise.reject(new Failure('denied', 'no'));

const stores: readonly (readonly [string, (at: Location) => Location])[] = [
  ['moves', (at) => at],
  ['only copies', copying],
  ['says that this file cannot be moved', (at) => changed(at, () => ({ move: unsupported }))],
  ['can neither move nor copy this file', (at) => changed(at, () => ({ move: unsupported, copy: unsupported }))],
];

const unsupported = (): Promise<never> => Promise.reject(new Failure('unsupported', 'not this one'));

describe.each(stores)('on a store that %s', (_, like) => {
  it('what sync replaces and deletes is in the backup', async () => {
    const to = like(await bucketOf({ a: 'old', same: 'same', gone: 'g' }));
    await put(beside(to), { a: 'of last week' });
    const session = testSession();
    const places = { backupDir: beside(to) };
    await transferTree(session, await bucketOf({ a: 'new!', same: 'same', b: 'b' }), to, 'sync', places);
    expect(session.progress.errors).toBe(0);
    expect(await filesIn(to)).toEqual({ a: 'new!', same: 'same', b: 'b' });
    expect(await filesIn(beside(to))).toEqual({ a: 'old', gone: 'g' });
  });

  it('an old version is in the backup before a byte of the new one is written', async () => {
    const base = await bucketOf({ a: 'old' });
    let before: unknown;
    const to = changed(like(base), ({ write }) => ({
      write: async (path, source, info, call) => {
        if (path === 'bucket/a') before = await filesIn(beside(base));
        return write(path, source, info, call);
      },
    }));
    await transferTree(testSession(), await bucketOf({ a: 'new!' }), to, 'copy', { backupDir: beside(to) });
    expect(before).toEqual({ a: 'old' });
  });

  it('where the backup fails nothing is replaced or deleted', async () => {
    const base = like(await bucketOf({ a: 'old', gone: 'g' }));
    const onBackup = <K extends 'move' | 'copy'>(remote: Remote, verb: K) => {
      const original = remote[verb];
      return (
        original && { [verb]: (from: string, to: string) => (to.startsWith('backups') ? refuse() : original(from, to)) }
      );
    };
    const to = changed(base, (remote) => ({
      ...onBackup(remote, 'move'),
      ...onBackup(remote, 'copy'),
      write: (path, ...rest) => (path.startsWith('backups') ? refuse() : remote.write(path, ...rest)),
    }));
    const session = testSession({ ignoreErrors: true });
    await transferTree(session, await bucketOf({ a: 'new!' }), to, 'sync', { backupDir: beside(to) });
    expect(session.progress.errors).toBe(2);
    expect(await filesIn(to)).toEqual({ a: 'old', gone: 'g' });
  });
});

it.each([
  ['copy', 'fails', refuse],
  ['move', 'is broken off', () => Promise.reject(new Failure('cancelled', 'stopped'))],
] as const)('where the store moves, the old file stands again when a %s %s', async (mode, _, write) => {
  const to = changed(await bucketOf({ a: 'old' }), () => ({ write }));
  const from = await bucketOf({ a: 'new!' });
  const done = transferTree(testSession(), from, to, mode, { backupDir: beside(to) });
  await (mode === 'move' ? expect(done).rejects.toMatchObject({ kind: 'cancelled' }) : done);
  expect([await filesIn(from), await filesIn(to), await filesIn(beside(to))]).toEqual([
    { a: 'new!' },
    { a: 'old' },
    {},
  ]);
});

it('where a limit leaves a file out, the old one stands again', async () => {
  const to = await bucketOf({ a: 'old', b: 'old' });
  const from = await bucketOf({ a: 'new!', b: 'new!' });
  const session = testSession({}, { cutoff: createCutoff(5, 'cautious') });
  await transferTree(session, from, to, 'copy', { backupDir: beside(to) }).catch(() => {});
  expect(Object.values(await filesIn(to)).sort()).toEqual(['new!', 'old']);
});

it('where a file arrives and its source stays, its backup stays too', async () => {
  const to = await bucketOf({ a: 'old' });
  const from = changed(await bucketOf({ a: 'new!' }), () => ({ remove: refuse }));
  await transferTree(testSession(), from, to, 'move', { backupDir: beside(to) });
  expect([await filesIn(to), await filesIn(beside(to))]).toEqual([{ a: 'new!' }, { a: 'old' }]);
});

it('where the store only copies, a file that does not arrive leaves the old one where it was', async () => {
  const to = changed(copying(await bucketOf({ a: 'old' })), () => ({ write: refuse }));
  await transferTree(testSession(), await bucketOf({ a: 'new!' }), to, 'copy', { backupDir: beside(to) });
  expect(await filesIn(to)).toEqual({ a: 'old' });
  expect(await filesIn(beside(to))).toEqual({ a: 'old' });
});

it('a file that a filter of sizes hid is kept too', async () => {
  const to = await bucketOf({ a: 'a long old file' });
  const filter = await createFilter({ ...noFilterFlags, maxSize: '5b' }, { readText: async () => '', now: 0n });
  await transferTree(testSession({ suffix: '-1' }, { filter }), await bucketOf({ a: 'new' }), to, 'copy');
  expect(await filesIn(to)).toEqual({ a: 'new', 'a-1': 'a long old file' });
});

it('what the user does not want moved into the backup is not replaced', async () => {
  const to = await bucketOf({ a: 'old' });
  const session = { ...testSession({ suffix: '-1' }), confirm: async (action: string) => action !== 'move' };
  await transferTree(session, await bucketOf({ a: 'new!' }), to, 'copy');
  expect(await filesIn(to)).toEqual({ a: 'old' });
});

it.each([
  ['a.txt', false, 'a.txt-1'],
  ['a.txt', true, 'a-1.txt'],
  ['d.d/a.tar.gz', true, 'd.d/a.tar-1.gz'],
  ['d.d/a', true, 'd.d/a-1'],
  ['d/.hidden', true, 'd/-1.hidden'],
])('%s with the suffix -1 (extension kept: %s) is %s', (path, suffixKeepExtension, name) => {
  expect(nameOfBackup(path, { suffix: '-1', suffixKeepExtension })).toBe(name);
});
