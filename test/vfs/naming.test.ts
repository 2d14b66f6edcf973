import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { type Bench, createBench } from '../contract/vfs/bench.ts';
import { troubled } from './troubled.ts';

let bench: Bench;
/** Lets `big/a` leave `big`, where it waits for that. */
let release: () => void;
let hasBegun: boolean;

beforeEach(async () => {
  hasBegun = false;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const far = troubled(createMemoryRemote(), { without: ['move', 'moveDir'] });
  const remote: typeof far = {
    ...far,
    // Without times, as Swift and S3 list.
    async *list(dir, call) {
      for await (const page of far.list(dir, call)) yield page.map((entry) => ({ ...entry, modified: null }));
    },
    async remove(path, call) {
      if (path === 'bucket/big/a') {
        hasBegun = true;
        await released;
      }
      await far.remove(path, call);
    },
  };
  bench = createBench({ remote, path: 'bucket' }, { vfs: { folderCacheTime: 0 } });
  for (const folder of ['big', 'other', 'other/deep']) await bench.makeFolder(folder);
  for (const path of ['big/a', 'other/b', 'other/deep/c']) await bench.make(path);
  await bench.vfs.drain();
});

/** Renames `big` to `moved`, as far as the store lets it come. */
async function beginMove(): Promise<{ readonly done: Promise<void>; isDone(): boolean }> {
  const moving = observed(bench.rename('big', 'moved'));
  while (!hasBegun) await turn();
  return moving;
}

function observed(work: Promise<void>) {
  let isOver = false;
  const done = work.finally(() => {
    isOver = true;
  });
  done.catch(() => {});
  return { done, isDone: () => isOver };
}

/** Until all that waits for nothing has happened. */
async function settle(): Promise<void> {
  for (let i = 0; i < 100; i++) await turn();
}

describe('while a folder is moved on a slow store', () => {
  test('what is elsewhere is listed, opened, made and removed', async () => {
    const moving = await beginMove();
    expect(await bench.names('')).toEqual(['big/', 'other/']);
    expect(await bench.names('other')).toEqual(['b', 'deep/']);
    expect(await bench.text('other/deep/c')).toBe('other/deep/c');
    await bench.make('other/new');
    await bench.makeFolder('other/folder');
    await bench.make('top');
    await bench.remove('other/b');
    expect(moving.isDone()).toBe(false);
    release();
    await moving.done;
    await bench.vfs.drain();
    const names = await Promise.all(['', 'moved', 'other'].map(bench.names));
    expect(names).toEqual([['moved/', 'other/', 'top'], ['a'], ['deep/', 'folder/', 'new']]);
    expect(await bench.behind.tree()).toEqual({
      'moved/a': 'big/a',
      'other/deep/c': 'other/deep/c',
      'other/new': 'other/new',
      top: 'top',
    });
  });

  test('what is in it, or would take one of its names, waits', async () => {
    const moving = await beginMove();
    const made = observed(bench.make('big/new', 'new'));
    const taken = observed(bench.make('moved', 'taken'));
    await settle();
    expect([made.isDone(), taken.isDone()]).toEqual([false, false]);
    release();
    await Promise.all([moving.done, made.done]);
    await expect(taken.done).rejects.toMatchObject({ kind: 'exists' });
    await bench.vfs.drain();
    expect(await bench.names('moved')).toEqual(['a', 'new']);
  });

  test('a file in it that is to be opened is found where it is, and the next move waits for that', async () => {
    const file = await bench.node('big/a');
    const moving = await beginMove();
    const opening = bench.vfs.open(file, { read: true, write: false, truncate: false });
    await bench.makeFolder('other/sub');
    const back = observed(
      bench.vfs.rename(bench.vfs.root, 'moved', await bench.node('other/sub'), 'last', {
        replace: true,
        exchange: false,
      }),
    );
    await settle();
    expect(back.isDone()).toBe(false);
    release();
    await moving.done;
    const handle = await opening;
    await back.done;
    expect(Buffer.from(await handle.read(0, 100)).toString()).toBe('big/a');
    await handle.close();
    await bench.vfs.drain();
    expect(await bench.names('other/sub/last')).toEqual(['a']);
  });

  test('a file of which the store has to be asked is not taken for gone', async () => {
    await bench.behind.put('big/b', 'of others', 5n);
    const file = await bench.node('big/b');
    const moving = await beginMove();
    await expect.poll(bench.behind.tree).not.toHaveProperty('big/b');
    const attributes = Promise.resolve(bench.vfs.attributes(file));
    attributes.catch(() => {});
    await settle();
    release();
    await moving.done;
    expect(await attributes).toMatchObject({ size: 9, modified: 5n, links: 1 });
    expect(await bench.names('moved')).toEqual(['a', 'b']);
    expect(await bench.node('moved/b')).toBe(file);
  });

  test('an empty folder that is removed waits its turn', async () => {
    const moving = await beginMove();
    await bench.makeFolder('other/empty');
    const removed = observed(bench.removeFolder('other/empty'));
    await settle();
    expect(removed.isDone()).toBe(false);
    release();
    await Promise.all([moving.done, removed.done]);
    expect(await bench.names('other')).toEqual(['b', 'deep/']);
  });
});
