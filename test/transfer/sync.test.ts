import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Location, Remote } from '../../src/core/remote.ts';
import { everything } from '../../src/transfer/filter/everything.ts';
import { transferFile, transferTree } from '../../src/transfer/sync.ts';
import { bucketOf, changed, filesIn, testSession } from './session.ts';

/** A store on which writing `path` fails. */
function failingAt(at: Location, path: string, failure = new Failure('denied', 'no permission')): Location {
  return changed(at, (base) => ({
    write: (target, source, info, call) =>
      target === `${at.path}/${path}` ? Promise.reject(failure) : base.write(target, source, info, call),
  }));
}

const source = { a: 'new', b: 'same', 'dir/c': 'c' };
const target = { b: 'same', old: 'old', 'gone/x': 'x' };

describe('copy', () => {
  it('brings what is missing or different, and deletes nothing', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf({ ...target, a: 'older' })];
    const session = testSession();
    await transferTree(session, from, to, 'copy');
    expect(await filesIn(to)).toEqual({ ...target, ...source });
    expect(session.progress).toMatchObject({ transfers: 2, checks: 2, errors: 0 });
    expect(session.lines).toEqual(
      expect.arrayContaining(['INFO a: Copied (replaced existing)', 'INFO dir/c: Copied (new)']),
    );
  });

  it('keeps the modification time', async () => {
    const [from, to] = [await bucketOf({ a: '1' }, 1_234_567_890_123_456_789n), await bucketOf({})];
    await transferTree(testSession(), from, to, 'copy');
    expect((await to.remote.stat('bucket/a')).modified).toBe(1_234_567_890_123_456_789n);
  });

  it('a second time transfers nothing', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf({})];
    await transferTree(testSession(), from, to, 'copy');
    const again = testSession();
    await transferTree(again, from, to, 'copy');
    expect(again.progress).toMatchObject({ transfers: 0, checks: 3 });
  });

  it('a file that fails is named and counted, and the rest arrives', async () => {
    const to = failingAt(await bucketOf({}), 'a');
    const session = testSession();
    await transferTree(session, await bucketOf(source), to, 'copy');
    expect(await filesIn(to)).toEqual({ b: 'same', 'dir/c': 'c' });
    expect(session.progress.errors).toBe(1);
    expect(session.progress.firstError).toMatchObject({ kind: 'denied' });
    expect(session.lines).toContain('ERROR a: Failed to copy: no permission');
  });

  it('a failure that may pass is tried again', async () => {
    const bucket = await bucketOf({});
    let tries = 0;
    const to = changed(bucket, (base) => ({
      write: async (path, bytes, info, call) => {
        if (++tries < 3) throw new Failure('transient', 'busy');
        return base.write(path, bytes, info, call);
      },
    }));
    await transferTree(testSession({ lowLevelRetries: 3 }), await bucketOf({ a: '1' }), to, 'copy');
    expect(await filesIn(bucket)).toEqual({ a: '1' });
  });

  it('a fatal failure ends the run', async () => {
    const to = failingAt(await bucketOf({}), 'a', new Failure('fatal', 'the account is closed'));
    await expect(transferTree(testSession(), await bucketOf(source), to, 'copy')).rejects.toThrow('account is closed');
  });

  it('--immutable refuses to change what is there', async () => {
    const [from, to] = [await bucketOf({ a: 'new', b: 'b' }), await bucketOf({ a: 'older' })];
    const session = testSession({ immutable: true });
    await transferTree(session, from, to, 'copy');
    expect(await filesIn(to)).toEqual({ a: 'older', b: 'b' });
    expect(session.progress.errors).toBe(1);
  });

  it('of a place onto itself does nothing', async () => {
    const at = await bucketOf(source);
    const session = testSession();
    await transferTree(session, at, at, 'copy');
    expect(session.lines).toEqual(['NOTICE : Nothing to do as source and destination are the same']);
  });

  it('of names that are one on the target takes the first and refuses the other', async () => {
    const to = changed(await bucketOf({}), () => ({ foldsNames: async () => true }));
    const session = testSession();
    await transferTree(session, await bucketOf({ 'dir/README': '1', 'dir/readme': '2', other: '3' }), to, 'copy');
    expect(await filesIn(to)).toEqual({ 'dir/README': '1', other: '3' });
    expect(session.progress.firstError).toMatchObject({ kind: 'exists', path: 'dir/readme' });
  });

  it('of names that are one on the target takes the one that is there', async () => {
    const to = changed(await bucketOf({ b: 'old' }), () => ({ foldsNames: async () => true }));
    const session = testSession();
    await transferTree(session, await bucketOf({ B: '1', b: 'new!' }), to, 'copy');
    expect(await filesIn(to)).toEqual({ b: 'new!' });
    expect(session.progress.firstError).toMatchObject({ kind: 'exists', path: 'B' });
  });

  it.each(['before', 'during', 'after'] as const)(
    'of a name that is another one on the target replaces that, deleting %s',
    async (deleteMode) => {
      const to = changed(await bucketOf({ 'dir/README': 'old' }), () => ({ foldsNames: async () => true }));
      const from = await bucketOf({ 'Dir/readme': 'new!', 'Dir/other': '3' });
      const session = testSession({ deleteMode });
      await transferTree(session, from, to, 'sync');
      expect(await filesIn(to)).toEqual({ 'dir/README': 'new!', 'dir/other': '3' });
      expect(session.progress).toMatchObject({ errors: 0, deletes: 0 });
    },
  );
});

it.each(['sync', 'move'] as const)('%s tells the store that it has seen what it removes', async (mode) => {
  const seen: (boolean | undefined)[] = [];
  const noting = (at: Location): Location =>
    changed(at, (base) => ({
      remove: (path, call) => {
        seen.push(call?.isSeen);
        return base.remove(path, call);
      },
    }));
  const [from, to] = [noting(await bucketOf({ a: 'a' })), noting(await bucketOf({ old: 'old' }))];
  await transferTree(testSession(), from, to, mode);
  expect(seen).toEqual([true]);
});

describe('sync', () => {
  it('makes the target what the source is', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf(target)];
    const session = testSession();
    await transferTree(session, from, to, 'sync');
    expect(await filesIn(to)).toEqual(source);
    expect(session.progress.deletes).toBe(2);
  });

  it('deletes nothing when its source is a prefix that nothing has: a mistyped path', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf(target)];
    const mistyped = { remote: from.remote, path: `${from.path}/none` };
    const run = transferTree(testSession(), mistyped, to, 'sync');
    await expect(run).rejects.toMatchObject({ kind: 'folder-not-found' });
    expect(await filesIn(to)).toEqual(target);
  });

  it('of named files deletes nothing when there is no such source', async () => {
    const to = await bucketOf(target);
    const nowhere = { remote: (await bucketOf({})).remote, path: 'nowhere' };
    const filter = { ...everything, isInactive: false, files: new Set(['b', 'gone/x']) };
    await expect(transferTree(testSession({}, { filter }), nowhere, to, 'sync')).rejects.toMatchObject({
      kind: 'folder-not-found',
    });
    expect(await filesIn(to)).toEqual(target);
  });

  it('from an empty bucket empties the target', async () => {
    const to = await bucketOf(target);
    await transferTree(testSession(), await bucketOf({}), to, 'sync');
    expect(await filesIn(to)).toEqual({});
  });

  it('deletes only after every copy has succeeded', async () => {
    const order: string[] = [];
    const to = changed(await bucketOf(target), (base) => ({
      write: async (path, bytes, info, call) => {
        const written = await base.write(path, bytes, info, call);
        order.push('write');
        return written;
      },
      remove: (path, call) => {
        order.push('remove');
        return base.remove(path, call);
      },
    }));
    await transferTree(testSession(), await bucketOf(source), to, 'sync');
    expect(order).toEqual(['write', 'write', 'remove', 'remove']);
  });

  it('deletes nothing when a copy has failed', async () => {
    const to = failingAt(await bucketOf(target), 'a');
    const session = testSession();
    await transferTree(session, await bucketOf(source), to, 'sync');
    expect(await filesIn(to)).toEqual({ ...target, 'dir/c': 'c' });
    expect(session.lines).toContain('ERROR : not deleting files and directories as there were IO errors');
  });

  it('--ignore-errors deletes nevertheless', async () => {
    const to = failingAt(await bucketOf(target), 'a');
    await transferTree(testSession({ ignoreErrors: true }), await bucketOf(source), to, 'sync');
    expect(await filesIn(to)).toEqual({ b: 'same', 'dir/c': 'c' });
  });

  it.each([0, 1, 2])('--max-delete %i is not exceeded', async (maxDelete) => {
    const [from, to] = [await bucketOf({}), await bucketOf({ a: '', b: '', c: '', d: '' })];
    const session = testSession({ maxDelete });
    await expect(transferTree(session, from, to, 'sync')).rejects.toMatchObject({ kind: 'fatal' });
    expect(Object.keys(await filesIn(to))).toHaveLength(4 - maxDelete);
  });

  it('leaves what the filter excludes on the target, unless it is to be deleted', async () => {
    const filter = { ...everything, isInactive: false, includesFile: (path: string) => path !== 'old' };
    const [from, to] = [await bucketOf(source), await bucketOf(target)];
    await transferTree(testSession({}, { filter }), from, to, 'sync');
    expect(await filesIn(to)).toEqual({ ...source, old: 'old' });
    await transferTree(testSession({}, { filter: { ...filter, deleteExcluded: true } }), from, to, 'sync');
    expect(await filesIn(to)).toEqual(source);
  });

  it('takes no file for new where one of another size may have been filtered out', async () => {
    const [from, to] = [await bucketOf({ a: 'new', b: '' }), await bucketOf({ a: 'much longer' })];
    const told: unknown[] = [];
    const write: Remote['write'] = (path, bytes, info, call) => {
      told.push(info.isNew);
      return to.remote.write(path, bytes, info, call);
    };
    const watched = { ...to, remote: { ...to.remote, write } };
    const filter = {
      ...everything,
      ...{ isInactive: false, looksAtNamesOnly: false, includesFile: (_: string, size: number) => size < 5 },
    };
    await transferTree(testSession({}, { filter }), from, watched, 'copy');
    await transferTree(testSession(), await bucketOf({ c: '' }), watched, 'copy');
    expect(told).toEqual([false, false, true]);
  });

  it('--dry-run changes nothing, and tells what it would do', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf({ ...target, a: 'older' })];
    const session = testSession({ dryRun: true });
    await transferTree(session, from, to, 'sync');
    expect(await filesIn(to)).toEqual({ ...target, a: 'older' });
    expect(session.lines.filter((line) => line.startsWith('NOTICE')).sort()).toEqual([
      'NOTICE a: Skipped copy as --dry-run is set (size 3)',
      'NOTICE dir/c: Skipped copy as --dry-run is set (size 1)',
      'NOTICE gone/x: Skipped delete as --dry-run is set (size 1)',
      'NOTICE old: Skipped delete as --dry-run is set (size 3)',
    ]);
  });

  it('into its own source is refused', async () => {
    const from = await bucketOf(source);
    const to = { remote: from.remote, path: 'bucket/dir' };
    await expect(transferTree(testSession(), from, to, 'sync')).rejects.toMatchObject({ kind: 'fatal' });
    expect(await filesIn(from)).toEqual(source);
  });
});

describe('move', () => {
  it('takes from the source what arrived', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf(target)];
    await transferTree(testSession(), from, to, 'move');
    expect(await filesIn(from)).toEqual({});
    expect(await filesIn(to)).toEqual({ ...target, ...source });
  });

  it('within one store copies no byte', async () => {
    const from = await bucketOf(source);
    const to = { remote: from.remote, path: 'other' };
    const session = testSession();
    await transferTree(session, from, to, 'move');
    expect(await filesIn(to)).toEqual(source);
    expect(await filesIn(from)).toEqual({});
    expect(session.progress).toMatchObject({ renames: 3, bytes: 0 });
  });

  it('leaves at the source what did not arrive', async () => {
    const [from, to] = [await bucketOf(source), failingAt(await bucketOf({}), 'a')];
    await transferTree(testSession(), from, to, 'move');
    expect(await filesIn(from)).toEqual({ a: 'new' });
  });

  it('leaves at the source what --ignore-existing skipped', async () => {
    const [from, to] = [await bucketOf({ a: 'new' }), await bucketOf({ a: 'other' })];
    await transferTree(testSession({ ignoreExisting: true }), from, to, 'move');
    expect(await filesIn(from)).toEqual({ a: 'new' });
    expect(await filesIn(to)).toEqual({ a: 'other' });
  });
});

describe('one file', () => {
  it('is copied under another name', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf({})];
    const file = { ...(await from.remote.stat('bucket/a')), path: 'a' };
    await transferFile(testSession(), { from, file, to, path: 'deep/name' }, 'copy');
    expect(await filesIn(to)).toEqual({ 'deep/name': 'new' });
  });

  it('onto itself stays, moved or copied', async () => {
    const at = await bucketOf(source);
    const file = { ...(await at.remote.stat('bucket/a')), path: 'a' };
    await transferFile(testSession(), { from: at, file, to: at, path: 'a' }, 'move');
    expect(await filesIn(at)).toEqual(source);
  });
});

describe('a cancelled run', () => {
  it('ends with the failure "cancelled" and deletes nothing', async () => {
    const stop = new AbortController();
    const to = changed(await bucketOf(target), (base) => ({
      write: async (path, bytes, info, call) => {
        stop.abort(new Failure('cancelled', 'stopped'));
        return base.write(path, bytes, info, call);
      },
    }));
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, 'x']));
    const run = transferTree(testSession({ transfers: 1 }, { signal: stop.signal }), await bucketOf(many), to, 'sync');
    await expect(run).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await filesIn(to)).toMatchObject(target);
  });

  it('that starts cancelled touches nothing', async () => {
    const [from, to] = [await bucketOf(source), await bucketOf({})];
    const session = testSession({}, { signal: AbortSignal.abort(new Failure('cancelled', 'stopped')) });
    await expect(transferTree(session, from, to, 'copy')).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await filesIn(to)).toEqual({});
  });
});
