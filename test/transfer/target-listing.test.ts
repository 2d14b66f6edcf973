import { expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Location } from '../../src/core/remote.ts';
import { transferTree } from '../../src/transfer/sync.ts';
import { bucketOf, changed, filesIn, testSession } from './session.ts';

const unlistable = (at: Location, dir: string): Location =>
  changed(at, ({ list }) => ({
    list: (path, call) => {
      if (path === dir) throw new Failure('denied', `${dir} is not to be listed`);
      return list(path, call);
    },
  }));

it.each(['noTraverse', 'noCheckDest'] as const)('%s: the target is not listed', async (flag) => {
  const base = await bucketOf({ a: 'old', 'dir/same': 'same', other: 'other' });
  const to = unlistable(unlistable(base, 'bucket'), 'bucket/dir');
  const session = testSession({ [flag]: true });
  await transferTree(session, await bucketOf({ a: 'new!', 'dir/same': 'same' }), to, 'copy');
  expect(await filesIn(base)).toEqual({ a: 'new!', 'dir/same': 'same', other: 'other' });
  expect(session.progress).toMatchObject({ errors: 0, transfers: flag === 'noTraverse' ? 1 : 2 });
});

it('--no-check-dest takes no file for new: a store must look at what it replaces', async () => {
  const base = await bucketOf({ a: 'old' });
  const isNew: unknown[] = [];
  const to = changed(base, ({ write }) => ({
    write(path, source, info, call) {
      isNew.push(info.isNew);
      return write(path, source, info, call);
    },
  }));
  await transferTree(testSession({ noCheckDest: true }), await bucketOf({ a: 'new!' }), to, 'copy');
  expect(isNew).toEqual([false]);
});

it('--delete-before deletes nothing, and copies nothing, where a folder cannot be read', async () => {
  const from = unlistable(await bucketOf({ a: 'a', 'dir/b': 'b' }), 'bucket/dir');
  const to = await bucketOf({ gone: 'g', 'dir/b': 'b' });
  const session = testSession({ deleteMode: 'before' });
  await transferTree(session, from, to, 'sync');
  expect(session.progress.errors).toBeGreaterThan(0);
  expect(await filesIn(to)).toEqual({ gone: 'g', 'dir/b': 'b' });
});

it.each(['before', 'during', 'after'] as const)(
  'deleting %s: a source that is not there deletes nothing',
  async (deleteMode) => {
    const to = await bucketOf({ a: 'a', 'dir/b': 'b' });
    const nowhere = { remote: (await bucketOf({ other: 'o' })).remote, path: 'bucket/nowhere' };
    await expect(transferTree(testSession({ deleteMode }), nowhere, to, 'sync')).rejects.toMatchObject({
      kind: 'folder-not-found',
    });
    expect(await filesIn(to)).toEqual({ a: 'a', 'dir/b': 'b' });
  },
);

it('--delete-during deletes though a copy failed; after it, nothing is', async () => {
  for (const [deleteMode, left] of [
    ['during', {}],
    ['after', { gone: 'g' }],
  ] as const) {
    const base = await bucketOf({ gone: 'g' });
    const to = changed(base, () => ({ write: () => Promise.reject(new Failure('denied', 'no')) }));
    await transferTree(testSession({ deleteMode }), await bucketOf({ a: 'a' }), to, 'sync');
    expect(await filesIn(base)).toEqual(left);
  }
});
