import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Entry } from '../../src/core/entry.ts';
import { Failure } from '../../src/core/failure.ts';
import type { Remote } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import type { Node } from '../../src/vfs/vfs.ts';
import { createBench } from '../contract/vfs/bench.ts';
import { localFolder, recordingReport } from '../remotes/local/folder.ts';
import { troubled } from './troubled.ts';

const file = (path: string): Entry => ({ kind: 'file', path, size: 1, modified: 0n });

/** A remote whose root holds what it is told. */
function remoteWith(pages: readonly (readonly Entry[])[]): Remote {
  return {
    ...createMemoryRemote(),
    async *list() {
      yield* pages;
    },
  };
}

test('names that no folder can hold are left out, and told once', async () => {
  const { report, lines } = recordingReport();
  const remote = remoteWith([[file('..'), file('.'), file(''), file('a/../b'), file('x\0y'), file('good')]]);
  const bench = createBench({ remote, path: '' }, { report });
  expect(await bench.names('')).toEqual(['good']);
  bench.vfs.invalidate();
  expect(await bench.names('')).toEqual(['good']);
  expect(lines().split('\n')).toHaveLength(5);
});

test('an entry that comes twice is one, and a folder hides a file of its name', async () => {
  const { report, lines } = recordingReport();
  const folder: Entry = { kind: 'folder', path: 'b', modified: null };
  const remote = remoteWith([
    [file('a'), file('b')],
    [folder, file('a')],
  ]);
  const bench = createBench({ remote, path: '' }, { report });
  expect(await bench.names('')).toEqual(['a', 'b/']);
  expect(lines()).toContain('a file is hidden by the folder of the same name');
});

test('a store whose listings lag behind does not bring back or take away what was done here', async () => {
  const base = createMemoryRemote();
  const remote = troubled(base, { listingLag: 10_000 });
  const bench = createBench({ remote, path: 'bucket' });
  const { behind } = createBench({ remote: base, path: 'bucket' });
  for (const name of ['removed', 'changed', 'renamed']) await behind.put(name, name);
  expect(await bench.names('')).toEqual(['changed', 'removed', 'renamed']);
  await bench.remove('removed');
  await bench.vfs.setAttributes(await bench.node('changed'), { size: 2 });
  await bench.rename('renamed', 'here');
  await bench.make('new');
  await bench.vfs.drain();
  for (const round of [1, 2]) {
    bench.vfs.invalidate();
    expect([round, ...(await bench.names(''))]).toEqual([round, 'changed', 'here', 'new']);
    expect(await bench.vfs.attributes(await bench.node('changed'))).toMatchObject({ size: 2 });
  }
  expect(await bench.text('new')).toBe('new');
});

test('a folder that was emptied while a listing still shows it is there when none does any more', async () => {
  const base = createMemoryRemote();
  let isLagging = true;
  const remote: Remote = {
    ...base,
    async *list(dir) {
      if (isLagging && dir === 'bucket') yield [{ kind: 'folder', path: 'bucket/folder', modified: null }];
      else yield* base.list(dir);
    },
  };
  const bench = createBench({ remote, path: 'bucket' });
  await bench.behind.put('folder/file', 'x');
  await bench.remove('folder/file');
  for (const lags of [true, false]) {
    isLagging = lags;
    bench.vfs.invalidate();
    expect([lags, ...(await bench.names(''))]).toEqual([lags, 'folder/']);
  }
});

test('what is uploaded while a listing that lacks it is looked through stays', async () => {
  let whileAsked: (() => Promise<void>) | null = null;
  const base = createMemoryRemote();
  const remote: Remote = {
    ...base,
    async stat(path) {
      const work = whileAsked;
      whileAsked = null;
      await work?.();
      return base.stat(path);
    },
  };
  const bench = createBench({ remote, path: 'bucket' });
  const handle = await bench.create('new');
  await handle.write(0, Buffer.from('written'));
  await bench.make('changed behind');
  await bench.behind.put('changed behind', 'so that it is asked for');
  bench.vfs.invalidate();
  whileAsked = () => bench.vfs.drain();
  await bench.names('');
  expect(whileAsked).toBe(null);
  expect(await bench.node('new')).toBe(handle.node);
  await handle.close();
});

test('a file that is removed while another is asked about does not end the look at its folder', async () => {
  let whileAsked: (() => Promise<void>) | null = null;
  const base = createMemoryRemote();
  const remote: Remote = {
    ...base,
    // Lags behind.
    async *list() {},
    async stat(path) {
      const work = whileAsked;
      whileAsked = null;
      await work?.();
      return base.stat(path);
    },
  };
  const { report, lines } = recordingReport();
  const bench = createBench({ remote, path: 'bucket' }, { vfs: { pollInterval: 20 }, report });
  for (const name of ['first', 'second']) await bench.make(name);
  whileAsked = () => bench.remove('second');
  const asked = async () => {
    // Only what is used is looked at again.
    await bench.names('');
    return whileAsked;
  };
  await expect.poll(asked).toBe(null);
  await sleep(40);
  await bench.vfs[Symbol.asyncDispose]();
  expect(lines()).toBe('');
  expect(await bench.names('')).toEqual(['first']);
});

test('a folder that a listing meets while it is made is made, once', async () => {
  const folder = localFolder();
  const base = folder.remote();
  const remote: Remote = {
    ...base,
    async makeDir(path, call) {
      await base.makeDir(path, call);
      await bench.names('');
    },
  };
  const bench = createBench({ remote, path: folder.path }, { vfs: { folderCacheTime: 0 } });
  const outcomes = await Promise.allSettled([bench.makeFolder('new'), bench.makeFolder('new')]);
  // Either may come first.
  const [made, again] = outcomes.sort((a, b) => a.status.localeCompare(b.status));
  expect(again).toMatchObject({ status: 'rejected', reason: { kind: 'exists' } });
  expect(made).toMatchObject({ status: 'fulfilled', value: await bench.node('new') });
  folder.remove();
});

test('a listing holds good for its time', async () => {
  const bench = createBench({ remote: createMemoryRemote(), path: 'bucket' }, { vfs: { folderCacheTime: 500 } });
  expect(await bench.names('')).toEqual([]);
  await bench.behind.put('file', 'x');
  expect(await bench.names('')).toEqual([]);
  await expect.poll(() => bench.names('')).toEqual(['file']);
});

test('folders in use are looked at again from time to time', async () => {
  const bench = createBench({ remote: createMemoryRemote(), path: 'bucket' }, { vfs: { pollInterval: 20 } });
  const changed: string[] = [];
  bench.vfs.onChange(({ name }) => changed.push(name));
  await bench.names('');
  await bench.behind.put('file', 'x');
  await expect.poll(() => changed).toEqual(['file']);
  await bench.vfs[Symbol.asyncDispose]();
});

test('a look at the folders in use is given up when the mount ends', async () => {
  const base = createMemoryRemote();
  const asked: string[] = [];
  let isSilent = false;
  let isGivenUp = false;
  const remote: Remote = {
    ...base,
    async *list(dir, call) {
      if (isSilent) {
        asked.push(dir);
        await new Promise((resolve) => call?.signal?.addEventListener('abort', resolve));
        isGivenUp = true;
        throw new Failure('cancelled', 'given up');
      }
      yield* base.list(dir);
    },
  };
  const { report, lines } = recordingReport();
  const bench = createBench({ remote, path: 'bucket' }, { vfs: { pollInterval: 20 }, report });
  for (const path of ['a/file', 'b/file']) await bench.behind.put(path, 'x');
  for (const folder of ['', 'a', 'b']) await bench.names(folder);
  isSilent = true;
  await expect.poll(() => asked).toEqual(['bucket']);
  await bench.vfs[Symbol.asyncDispose]();
  await expect.poll(() => isGivenUp).toBe(true);
  await sleep(40);
  expect(asked).toEqual(['bucket']);
  expect(lines()).toBe('');
});

test('what is made while a folder is being listed stays', async () => {
  const remote = troubled(createMemoryRemote(), { delay: 30 });
  const bench = createBench({ remote, path: 'bucket' });
  for (let i = 0; i < 5; i++) {
    bench.vfs.invalidate();
    const listing = bench.names('');
    await Promise.all([bench.make(`file-${i}`), listing]);
  }
  bench.vfs.invalidate();
  expect(await bench.names('')).toHaveLength(5);
});

test('10,000 files are listed once, and then known without asking', async () => {
  const remote = createMemoryRemote();
  const asked: string[] = [];
  const bench = createBench({
    remote: {
      ...remote,
      list(...args) {
        asked.push('list');
        return remote.list(...args);
      },
      stat(...args) {
        asked.push('stat');
        return remote.stat(...args);
      },
    },
    path: 'bucket',
  });
  for (let i = 0; i < 10_000; i++) await bench.behind.put(`file-${i}`, String(i));
  expect(await bench.names('')).toHaveLength(10_000);
  const { root } = bench.vfs;
  for (let i = 0; i < 10_000; i++) {
    // No promise: nothing is waited for.
    const node = bench.vfs.lookup(root, `file-${i}`) as Node;
    expect(bench.vfs.attributes(node)).toMatchObject({ size: String(i).length });
  }
  expect(asked).toEqual(['list']);
});

test('a folder that is not there yet is empty, and its room unknown until something is made in it', async () => {
  const folder = localFolder();
  onTestFinished(folder.remove);
  const bench = createBench({ remote: folder.remote(), path: `${folder.path}/new` });
  expect(await bench.names('')).toEqual([]);
  expect(await bench.vfs.usage()).toBeNull();
  await bench.make('file');
  await bench.vfs.drain();
  expect(await bench.vfs.usage()).toEqual({ total: expect.any(Number), free: expect.any(Number) });
});
