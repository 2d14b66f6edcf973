import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Remote } from '../../../src/core/remote.ts';
import { type Bench, createBench, toWrite } from '../../contract/vfs/bench.ts';
import { recordingReport } from '../../remotes/local/folder.ts';
import { networkFailure, troubled } from '../troubled.ts';
import {
  all,
  cacheFolder,
  closeContent,
  createContent,
  eachWithCache,
  editRecords,
  filesIn,
  leaveDirty,
  never,
  openStore,
  putFile,
  readFile,
} from './bench.ts';

const bench = eachWithCache();

/** The cache as a process leaves it that is killed now: a copy in a place of its own, without its lock. */
function killedNow(cache = bench.folder): string {
  const copy = cacheFolder();
  cpSync(cache, copy, { recursive: true, filter: (path) => !path.endsWith('/lock') });
  return copy;
}

/** What the next run has on the remote when all is uploaded. */
async function afterKill(cache: string): Promise<Record<string, string>> {
  const store = await openStore(bench.remote, cache, { writeBack: never });
  await store.drain();
  await store[Symbol.asyncDispose]();
  return stored();
}

async function stored(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const page of bench.remote.list('')) {
    for (const { path } of page) found[path] = Buffer.from(await readFile(bench.remote, path)).toString();
  }
  return found;
}

/** Puts a file on the remote, as others do. */
function put(path: string, text: string): Promise<unknown> {
  return putFile(bench.remote, path, Buffer.from(text));
}

/** A Vfs whose uploads wait, over a remote that calls `moved` when it has renamed something. */
function vfsOver(moved: () => void): Promise<Bench> {
  return vfsWith({ move: followedBy(moved, bench.remote.move) });
}

/** The step of a rename that calls `done` when the remote has carried it out. */
function followedBy(done: () => void, step: Remote['move']): NonNullable<Remote['move']> {
  return async (from, to, call) => {
    const entry = await step?.(from, to, call);
    done();
    if (!entry) throw new Error('a remote in memory renames and copies');
    return entry;
  };
}

/** A Vfs that is killed when its remote has renamed something, or, where it can only copy and remove, between the two.
 *  `cache` is how that leaves the cache. */
async function vfsKilledAfter(step: 'move' | 'copy'): Promise<{ readonly vfs: Bench; cache(): string }> {
  let cache = '';
  const killed = followedBy(() => {
    cache = killedNow();
    throw new Error('killed');
  }, bench.remote[step]);
  return { vfs: await vfsWith({ [step]: killed }), cache: () => cache };
}

/** A Vfs whose uploads wait, over a remote that renames, or uploads, in this way. */
async function vfsWith(how: Partial<Pick<Remote, 'move' | 'copy' | 'write'>>, cache = bench.folder): Promise<Bench> {
  bench.remote = { ...troubled(bench.remote, { without: ['move'] }), ...how };
  const store = await openStore(bench.remote, cache, { writeBack: never });
  bench.store = store;
  return createBench({ remote: bench.remote, path: '' }, { store: () => store });
}

async function append(vfs: Bench, path: string, text: string): Promise<void> {
  const handle = await vfs.open(path, toWrite);
  await handle.write('end', Buffer.from(text));
  await handle.flush();
  await handle.close();
}

test('a file that took the place of one that waits has it from the first record on', async () => {
  bench.store = await openStore(bench.remote, bench.folder, { writeBack: never });
  const [old, young] = [createContent(bench.store, 'file'), createContent(bench.store, 'file.tmp')];
  await old.write(0, Buffer.from('old'));
  await young.write(0, Buffer.from('young'));
  for (const content of [old, young]) await closeContent(content);
  const [oldHold, youngHold] = [await old.hold(), await young.hold()];
  await youngHold.moved('file', null);
  const cache = killedNow();
  await oldHold.removed();
  const next = await openStore(bench.remote, cache, { writeBack: never });
  expect(next.recovered().map(({ path }) => path)).toEqual(['file']);
  expect(Buffer.from(await all(next.recovered()[0] as typeof young)).toString()).toBe('young');
  await next[Symbol.asyncDispose]();
  expect(await afterKill(cache)).toEqual({ file: 'young' });
});

test('a file that the remote has renamed to one that waits is not overwritten by that after a kill', async () => {
  await put('source', 'source');
  let cache = '';
  const vfs = await vfsOver(() => {
    cache = killedNow();
  });
  await vfs.make('target', 'target');
  const before = killedNow();
  await vfs.rename('source', 'target');
  expect(await afterKill(cache)).toEqual({ target: 'source' });
  // Killed before the remote was asked, neither is lost.
  await bench.remote.remove('target');
  await put('source', 'source');
  expect(await afterKill(before)).toEqual({ source: 'source', target: 'target' });
});

test('what waits of a file goes to where the remote has renamed it to after a kill, whole', async () => {
  const large = 'x'.repeat(200_000);
  await put('source', large);
  let cache = '';
  const vfs = await vfsOver(() => {
    cache = killedNow();
  });
  await append(vfs, 'source', ' and more');
  await vfs.rename('source', 'target');
  expect(await afterKill(cache)).toEqual({ target: `${large} and more` });
});

test('a rename that was killed between its copy and its removal is finished, with what waits of the file', async () => {
  await put('source', 'source');
  await put('target', 'old target');
  const { vfs, cache } = await vfsKilledAfter('copy');
  await append(vfs, 'source', ' and more');
  await append(vfs, 'target', ' that waits, too');
  await expect(vfs.rename('source', 'target')).rejects.toThrow('killed');
  expect(await afterKill(cache())).toEqual({ target: 'source and more' });
});

test('the rename of a file that nobody has open is finished, too', async () => {
  await put('source', 'source');
  await put('target', 'old target');
  const { vfs, cache } = await vfsKilledAfter('copy');
  await expect(vfs.rename('source', 'target')).rejects.toThrow('killed');
  const readOnly = await openStore(bench.remote, cache(), { isReadOnly: true });
  await readOnly[Symbol.asyncDispose]();
  expect(await stored()).toEqual({ source: 'source', target: 'source' });
  // It did not come to a kill here: the program was told that nothing came of it.
  expect(await afterKill(killedNow())).toEqual({ source: 'source', target: 'source' });
  const { report, lines } = recordingReport();
  const denied = troubled(bench.remote, {
    fail(method, path) {
      if (method === 'remove') throw networkFailure(path);
    },
  });
  await (await openStore(denied, cache(), {}, report))[Symbol.asyncDispose]();
  expect(lines()).toMatch(/source: may have two names, as its rename was cut short: .*the network is away/);
  expect(await afterKill(cache())).toEqual({ target: 'source' });
  expect([...filesIn(cache()).keys()].filter((path) => path.endsWith('.moving'))).toEqual([]);
});

test('one that was killed before its copy has not happened', async () => {
  await put('source', 'source');
  await put('target', 'old target');
  let cache = '';
  const vfs = await vfsWith({
    async copy() {
      cache = killedNow();
      throw new Error('killed');
    },
  });
  await expect(vfs.rename('source', 'target')).rejects.toThrow('killed');
  expect(await afterKill(cache)).toEqual({ source: 'source', target: 'old target' });
});

test('a read-only mount leaves a rename that was killed to the next one', async () => {
  await put('source', 'source');
  const { vfs, cache } = await vfsKilledAfter('copy');
  await append(vfs, 'source', ' and more');
  await expect(vfs.rename('source', 'target')).rejects.toThrow('killed');
  const readOnly = await openStore(bench.remote, cache(), { isReadOnly: true });
  expect(readOnly.recovered().map(({ path }) => path)).toEqual(['source']);
  await readOnly[Symbol.asyncDispose]();
  expect(await stored()).toEqual({ source: 'source', target: 'source' });
  expect(await afterKill(cache())).toEqual({ target: 'source and more' });
});

test('what a kill left of a rename is settled before the upload, which may be killed, too', async () => {
  await put('source', 'source');
  const { vfs, cache } = await vfsKilledAfter('move');
  const handle = await vfs.open('source', { ...toWrite, truncate: true });
  await handle.write(0, Buffer.from('anew'));
  await handle.flush();
  await handle.close();
  await expect(vfs.rename('source', 'target')).rejects.toThrow('killed');
  const next = await openStore(bench.remote, cache(), { writeBack: never });
  const killedAgain = killedNow(cache());
  await next.drain();
  await next[Symbol.asyncDispose]();
  expect(await afterKill(killedAgain)).toEqual({ target: 'anew' });
});

test('a rename that was killed before its copy has not happened, even where both files look alike', async () => {
  await put('source', 'source');
  await put('target', 'target');
  let left: Promise<Record<string, string>> | undefined;
  const vfs = await vfsWith({
    async copy() {
      left = afterKill(killedNow());
      throw new Error('killed');
    },
  });
  await append(vfs, 'source', ' and more');
  await expect(vfs.rename('source', 'target')).rejects.toThrow('killed');
  expect(await left).toEqual({ source: 'source and more', target: 'target' });
});

test('what was uploaded a moment before a kill is uploaded again, whole, although its old version is gone', async () => {
  const large = 'x'.repeat(200_000);
  await put('file', large);
  const base = bench.remote;
  let cache = '';
  bench.remote = {
    ...troubled(base, {}),
    async write(path, source, info, call) {
      const written = await base.write(path, source, info, call);
      cache ||= killedNow();
      return written;
    },
  };
  const store = await openStore(bench.remote, bench.folder, { writeBack: never, mode: 'writes' });
  bench.store = store;
  await append(createBench({ remote: bench.remote, path: '' }, { store: () => store }), 'file', ' and more');
  await store.drain();
  expect(await afterKill(cache)).toEqual({ file: `${large} and more` });
});

test('a record that this build does not understand is set aside, and everything else is uploaded', async () => {
  await leaveDirty(bench, 'strange', Buffer.from('strange'));
  await leaveDirty(bench, 'plain', Buffer.from('plain'));
  const unknown = { time: 'of a later build' } as unknown as bigint;
  await editRecords(bench, (record) => (record.path === 'strange' ? { ...record, modified: unknown } : record));
  const { report, lines } = recordingReport();
  const next = await openStore(bench.remote, bench.folder, { writeBack: never }, report);
  await next.drain();
  await next[Symbol.asyncDispose]();
  expect(await stored()).toEqual({ plain: 'plain' });
  expect(lines()).toMatch(/was left to upload and cannot be read: .*It is kept in .*damaged/);
});

test('a rename that fails leaves nothing in the journal that takes a file away later', async () => {
  await put('source', 'source');
  const vfs = await vfsOver(() => {
    throw new Error('the network is away');
  });
  await vfs.make('target', 'target');
  await expect(vfs.rename('source', 'target')).rejects.toThrow('the network is away');
  await put('target', "another's");
  const kept = { 'target.conflict-19700101-000001': "another's" };
  await expect.poll(() => afterKill(killedNow())).toEqual({ target: 'target', ...kept });
});

test.each([
  ['removed', (vfs: Bench) => vfs.remove('file'), {}],
  ['renamed', (vfs: Bench) => vfs.rename('file', 'other'), { other: 'whole' }],
  ['renamed to', (vfs: Bench) => vfs.rename('young', 'file'), { file: 'young' }],
])(
  'an upload that stands and was killed before that was noted leaves nothing behind when it is %s',
  async (_, change, left) => {
    const { write } = bench.remote;
    let cache = '';
    const killed = await vfsWith({
      async write(...args) {
        const entry = await write(...args);
        cache = killedNow();
        return entry;
      },
    });
    await killed.make('file', 'whole');
    await killed.vfs.drain();
    const vfs = await vfsWith({ write }, cache);
    if ('file' in left) await vfs.make('young', 'young');
    await change(vfs);
    await vfs.vfs.drain();
    expect(await stored()).toEqual(left);
  },
);
