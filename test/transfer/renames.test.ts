import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Location, Remote } from '../../src/core/remote.ts';
import { createFilter } from '../../src/transfer/filter/filter.ts';
import { parseRenameStrategy } from '../../src/transfer/rename-strategy.ts';
import type { TransferOptions } from '../../src/transfer/session.ts';
import { transferTree } from '../../src/transfer/sync.ts';
import { noFilterFlags } from './filter/no-flags.ts';
import { bucketOf, changed, type Files, filesIn, put, testSession } from './session.ts';

/** As S3 and Swift are. */
function copying(at: Location): Location {
  const { move: _, ...remote } = at.remote;
  return { remote, path: at.path };
}

const unsupported = (): Promise<never> => Promise.reject(new Failure('unsupported', 'not this one'));

const stores: readonly (readonly [string, (at: Location) => Location])[] = [
  ['moves', (at) => at],
  ['only copies', copying],
  ['says that this file cannot be moved', (at) => changed(at, () => ({ move: unsupported }))],
  ['can neither move nor copy this file', (at) => changed(at, () => ({ move: unsupported, copy: unsupported }))],
];

function tracking(strategy: string, options: Partial<TransferOptions> = {}, surroundings = {}) {
  return testSession({ trackRenames: parseRenameStrategy(strategy), ...options }, surroundings);
}

/** The target with the bytes that were written to it, and without the calls in `broken`. */
function watched(at: Location, broken: readonly ('move' | 'copy' | 'remove')[] = []) {
  const written: string[] = [];
  const refuse = (): Promise<never> => Promise.reject(new Failure('denied', 'no'));
  const to = changed(at, ({ write }) => ({
    write: (path, ...rest) => {
      written.push(path);
      return write(path, ...rest);
    },
    ...Object.fromEntries(broken.map((name) => [name, refuse])),
  }));
  return { to, written };
}

describe.each(stores)('on a store that %s', (name, like) => {
  const source: Files = { 'new name': 'a song', same: 'same', fresh: 'fresh' };
  const target: Files = { song: 'a song', same: 'same', gone: 'gone!' };

  it('a file that was renamed is not sent again', async () => {
    const { to, written } = watched(like(await bucketOf(target)));
    const session = tracking('hash');
    await transferTree(session, await bucketOf(source), to, 'sync');
    expect(session.progress.errors).toBe(0);
    expect(await filesIn(to)).toEqual(source);
    if (!name.includes('nor')) expect(written).toEqual(['bucket/fresh']);
    expect(session.progress.renames).toBe(1);
  });

  it('a file is under one of both names at every moment, and so after a kill at any', async () => {
    for (let calls = 0; ; calls++) {
      const base = like(await bucketOf({ song: 'a song' }));
      const stop = new AbortController();
      let left = calls;
      const to = changed(base, (remote) =>
        dyingAfter(remote, () => left-- <= 0 && stop.abort(new Failure('cancelled', 'killed'))),
      );
      const session = tracking('hash', {}, { signal: stop.signal });
      const run = transferTree(session, await bucketOf({ 'new name': 'a song' }), to, 'sync');
      const isKilled = await run.then(
        () => false,
        () => true,
      );
      const standing = Object.entries(await filesIn(base));
      expect(standing.length, `after ${calls} calls`).toBeGreaterThan(0);
      for (const [path, content] of standing)
        expect([path, content]).toEqual([expect.stringMatching(/^(song|new name)$/), 'a song']);
      if (!isKilled) break;
    }
  });

  it('where it cannot be renamed it is sent, and the old one deleted only then', async () => {
    const { to, written } = watched(like(await bucketOf(target)), ['move', 'copy']);
    const session = tracking('hash');
    await transferTree(session, await bucketOf(source), to, 'sync');
    expect(await filesIn(to)).toEqual(source);
    expect(written.sort()).toEqual(['bucket/fresh', 'bucket/new name']);
    expect(session.progress.errors).toBe(0);
  });
});

/** Every call that changes something is the last one once `isOver` says so: it and those after it do nothing. */
function dyingAfter(remote: Remote, die: () => unknown): Partial<Remote> {
  let isDead = false;
  const guarded = <A extends readonly unknown[], R>(work: ((...args: A) => Promise<R>) | undefined) =>
    work &&
    (async (...args: A): Promise<R> => {
      if (isDead || die() !== false) {
        isDead = true;
        throw new Failure('cancelled', 'killed');
      }
      return work(...args);
    });
  return {
    write: guarded(remote.write.bind(remote)) as Remote['write'],
    remove: guarded(remote.remove.bind(remote)) as Remote['remove'],
    ...(remote.move && { move: guarded(remote.move.bind(remote)) as NonNullable<Remote['move']> }),
    ...(remote.copy && { copy: guarded(remote.copy.bind(remote)) as NonNullable<Remote['copy']> }),
  };
}

it.each([
  ['hash', { b: 'one' }, { a: 'one' }, []],
  ['hash', { b: 'one' }, { a: 'two' }, ['b']],
  ['size', { b: 'one' }, { a: 'two' }, []],
  ['leaf', { 'd/a': 'one', b: 'new' }, { a: 'two' }, ['b']],
  ['hash,leaf', { b: 'one' }, { a: 'one' }, ['b']],
  ['modtime', { b: 'one' }, { a: 'two' }, []],
  ['hash', { b: 'one', c: 'one' }, { a: 'one' }, [expect.stringMatching(/[bc]/)]],
] as const)('by %s: %j from %j sends %j', async (strategy, source, target, expected) => {
  const { to, written } = watched(await bucketOf(target));
  await transferTree(tracking(strategy), await bucketOf(source), to, 'sync');
  expect(written.map((path) => path.slice('bucket/'.length))).toEqual(expected);
  expect(Object.keys(await filesIn(to)).sort()).toEqual(Object.keys(source).sort());
});

it('by modtime a file of another time is another file', async () => {
  const { to, written } = watched(await bucketOf({ a: 'one' }, 1_000n));
  await transferTree(tracking('modtime'), await bucketOf({ b: 'one' }, 2_000n), to, 'sync');
  expect(written).toEqual(['bucket/b']);
});

it('no hash is asked of a file that has no like of its size', async () => {
  const asked: string[] = [];
  const counting = (at: Location): Location =>
    changed(at, ({ hash, list }) => ({
      hash: async (path, ...rest) => {
        asked.push(path);
        return (await hash?.(path, ...rest)) ?? null;
      },
      // As a disk lists.
      async *list(dir, call) {
        for await (const page of list(dir, call)) yield page.map((entry) => ({ ...entry, hashes: {} }));
      },
    }));
  const from = counting(await bucketOf({ long: 'long, new', b: 'one' }));
  const to = counting(await bucketOf({ longer: 'longer, old', a: 'one' }));
  await transferTree(tracking('hash'), from, to, 'sync');
  expect(asked.sort()).toEqual(['bucket/a', 'bucket/b']);
});

it('a file that a filter of ages hid under the new name is kept in the backup', async () => {
  const to = await bucketOf({ old: 'one' }, 3_000_000_000n);
  await put(to, { b: 'hidden' }, 0n);
  const filter = await createFilter(
    { ...noFilterFlags, maxAge: '2s' },
    { readText: async () => '', now: 4_000_000_000n },
  );
  const session = tracking('hash', { suffix: '-1' }, { filter });
  await transferTree(session, await bucketOf({ b: 'one' }, 3_000_000_000n), to, 'sync');
  expect(await filesIn(to)).toEqual({ b: 'one', 'b-1': 'hidden' });
});

it('what the user does not want renamed stays under its old name', async () => {
  const to = await bucketOf({ a: 'one' });
  const session = { ...tracking('hash'), confirm: async (action: string) => action !== 'move' };
  await transferTree(session, await bucketOf({ b: 'one' }), to, 'sync');
  expect(await filesIn(to)).toEqual({ a: 'one' });
});
