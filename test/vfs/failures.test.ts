import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Remote } from '../../src/core/remote.ts';
import { silentReport } from '../../src/core/report.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { createDirectStore } from '../../src/vfs/direct/store.ts';
import { failureOf } from '../contract/remote/bench.ts';
import { bytesOf, createBench, toWrite } from '../contract/vfs/bench.ts';
import { cacheFolder, never, openStore } from './cache/bench.ts';
import { networkFailure, type Troubles, troubled } from './troubled.ts';
import { usualReading } from './usual-reading.ts';

type Method = Parameters<NonNullable<Troubles['fail']>>[0];

/** A Vfs over a store of which some methods can be broken. */
function breakableBench(troubles: Troubles = {}) {
  const broken = new Set<Method>();
  const base: Remote = createMemoryRemote();
  const remote = troubled(base, {
    ...troubles,
    fail(method, path) {
      troubles.fail?.(method, path);
      if (broken.has(method)) throw networkFailure(path);
    },
  });
  return {
    broken,
    bench: createBench({ remote, path: 'bucket' }),
    behind: createBench({ remote: base, path: 'bucket' }).behind,
  };
}

test('a failed upload is an error at flush, is tried again, and loses nothing', async () => {
  const { broken, bench, behind } = breakableBench();
  broken.add('write');
  const handle = await bench.create('file');
  await handle.write(0, bytesOf('precious'));
  expect(await failureOf((async () => handle.flush())())).toBe('transient');
  await handle.close();
  expect(await bench.text('file')).toBe('precious');
  expect(bench.vfs.pending()).toMatchObject({
    files: 1,
    bytes: 8,
    failures: [{ path: 'bucket/file', message: 'bucket/file: the network is away' }],
  });
  const draining = bench.vfs.drain();
  broken.clear();
  await draining;
  expect(await behind.tree()).toEqual({ file: 'precious' });
  expect(bench.vfs.pending()).toEqual({ files: 0, bytes: 0, failures: [] });
});

test('nobody waits for a file that no store takes', async () => {
  const remote = troubled(createMemoryRemote(), {
    fail(method, path) {
      if (method === 'write') throw new Failure('too-large', `${path}: larger than the store takes`, { path });
    },
  });
  const bench = createBench({ remote, path: 'bucket' });
  const handle = await bench.create('file');
  await handle.write(0, bytesOf('much'));
  expect(await failureOf((async () => handle.flush())())).toBe('too-large');
  await handle.close();
  await bench.vfs.drain();
  expect(bench.vfs.pending()).toMatchObject({ files: 1, failures: [{ message: /larger than the store takes/ }] });
});

test('a file that cannot be uploaded may be changed, renamed and removed', async () => {
  const { broken, bench, behind } = breakableBench();
  broken.add('write');
  const handle = await bench.create('file');
  await handle.write(0, bytesOf('one'));
  await (async () => handle.flush())().catch(() => {});
  await handle.close();
  const again = await bench.open('file', toWrite);
  await again.write(3, bytesOf(' two'));
  await (async () => again.flush())().catch(() => {});
  await again.close();
  await bench.rename('file', 'other');
  expect(await bench.text('other')).toBe('one two');
  await bench.make('gone').catch(() => {});
  await bench.remove('gone');
  expect(bench.vfs.pending()).toMatchObject({ files: 1, bytes: 7 });
  broken.clear();
  await bench.vfs.drain();
  expect(await behind.tree()).toEqual({ other: 'one two' });
});

test('a failed removal or rename leaves the file, what is not uploaded of it too', async () => {
  const { broken, bench, behind } = breakableBench();
  await behind.put('file', 'content');
  const handle = await bench.open('file', toWrite);
  await handle.write(0, bytesOf('C'));
  broken.add('remove').add('move');
  expect(await failureOf(bench.remove('file'))).toBe('transient');
  expect(await failureOf(bench.rename('file', 'other'))).toBe('transient');
  expect(await bench.names('')).toEqual(['file']);
  expect(await bench.text('file')).toBe('Content');
  broken.clear();
  await handle.flush();
  await handle.close();
  await bench.rename('file', 'other');
  expect(await behind.tree()).toEqual({ other: 'Content' });
});

test.each([2, 3])('two files that cannot change places at step %i stay where they were', async (step) => {
  let moves = 0;
  const { bench, behind } = breakableBench({
    fail(method, path) {
      if (method === 'move' && ++moves === step) throw networkFailure(path);
    },
  });
  await behind.put('a', 'one');
  await behind.put('b', 'two');
  expect(await failureOf(bench.rename('a', 'b', { exchange: true }))).toBe('transient');
  expect(await behind.tree()).toEqual({ a: 'one', b: 'two' });
  expect(await bench.text('a')).toBe('one');
});

test('a folder whose rename fails half way has each file in one of two places', async () => {
  let moves = 0;
  const { bench, behind } = breakableBench({
    fail(method, path) {
      if (method === 'move' && ++moves === 6) throw networkFailure(path);
    },
  });
  const names = Array.from({ length: 12 }, (_, i) => `file-${i}`);
  for (const name of names) await behind.put(`old/${name}`, name);
  await bench.names('old');
  expect(await failureOf(bench.rename('old', 'new'))).toBe('transient');
  const shown = [...(await bench.names('old')), ...(await bench.names('new'))];
  expect(shown.sort()).toEqual([...names].sort());
  const stored = Object.values(await behind.tree());
  expect(stored.sort()).toEqual([...names].sort());
  for (const folder of ['old', 'new']) {
    for (const name of await bench.names(folder)) expect(await bench.text(`${folder}/${name}`)).toBe(name);
  }
});

test('a folder that could not be renamed while the store was away is there as before, and nothing else', async () => {
  const { broken, bench, behind } = breakableBench();
  await behind.put('old/below/file', 'content');
  await behind.put('old/file', 'content');
  await behind.put('single', 'content');
  for (const folder of ['', 'old', 'old/below']) await bench.names(folder);
  broken.add('move').add('list').add('stat').add('makeDir');
  for (const name of ['old', 'old/below', 'single']) {
    expect(await failureOf(bench.rename(name, 'new'))).toBe('transient');
  }
  expect(await bench.names('')).toEqual(['old/', 'single']);
  expect(await bench.names('old')).toEqual(['below/', 'file']);
  expect(await bench.names('old/below')).toEqual(['file']);
  broken.clear();
  await bench.rename('old', 'new');
  expect(await behind.tree()).toEqual({ 'new/below/file': 'content', 'new/file': 'content', single: 'content' });
});

test('a folder whose rename fails is listed anew when the store can be reached again', async () => {
  const { broken, bench, behind } = breakableBench({ without: ['move', 'copy'] });
  await behind.put('old/file', 'content');
  await bench.names('old');
  broken.add('remove');
  expect(await failureOf(bench.rename('old', 'new'))).toBe('transient');
  broken.add('list');
  expect(await bench.names('old')).toEqual(['file']);
  broken.clear();
  expect(await bench.names('')).toEqual(['new/', 'old/']);
  expect(await bench.names('new')).toEqual(['file']);
});

test('a rename goes on where the copy was made although its answer was lost', async () => {
  const { bench, behind } = breakableBench({
    without: ['move'],
    lose(path) {
      if (path.includes('new')) throw networkFailure(path);
    },
  });
  await behind.put('old', 'content');
  await behind.put('new', 'replaced');
  await bench.rename('old', 'new');
  expect(await bench.names('')).toEqual(['new']);
  expect(await behind.tree()).toEqual({ new: 'content' });
});

test('a rename whose copy was not made fails, though another file of that name could pass for it', async () => {
  const { broken, bench, behind } = breakableBench({ without: ['move'] });
  const modified = 1_700_000_000_000_000_000n;
  await behind.put('old', 'same size', modified);
  await behind.put('new', 'same bulk', modified);
  await bench.names('');
  broken.add('move');
  expect(await failureOf(bench.rename('old', 'new'))).toBe('transient');
  expect(await behind.tree()).toEqual({ old: 'same size', new: 'same bulk' });
});

test('a folder does not go where a file that waits in it could never be uploaded', async () => {
  const remote: Remote = {
    ...createMemoryRemote(),
    async checkPath(path) {
      if (path.length > 30) throw new Failure('too-large', `${path}: is too long`, { path });
    },
  };
  const bench = createBench({ remote, path: 'bucket' });
  await bench.makeFolder('folder');
  const handle = await bench.create('folder/file');
  await handle.write(0, bytesOf('waits'));
  expect(await failureOf(bench.rename('folder', 'a-folder-of-a-long-name'))).toBe('too-large');
  await handle.close();
  await bench.vfs.drain();
  expect(await bench.behind.tree()).toEqual({ 'folder/file': 'waits' });
});

test('a listing that fails is an error, and the next one may do', async () => {
  const { broken, bench, behind } = breakableBench();
  await behind.put('file', 'x');
  broken.add('list');
  expect(await failureOf(bench.names(''))).toBe('transient');
  broken.clear();
  expect(await bench.names('')).toEqual(['file']);
});

test('a read that fails is an error, and the next one may do', async () => {
  const { broken, bench, behind } = breakableBench();
  await behind.put('file', new Uint8Array(300_000).fill(7));
  const handle = await bench.open('file');
  await handle.read(0, 1000);
  broken.add('read');
  expect(await failureOf(handle.read(200_000, 10))).toBe('transient');
  broken.clear();
  expect((await handle.read(200_000, 10))[9]).toBe(7);
  await handle.close();
});

test('an upload that a rename overtakes arrives under the new name alone', async () => {
  const { bench, behind } = breakableBench({ delay: 20 });
  for (let i = 0; i < 10; i++) {
    const handle = await bench.create('draft');
    await handle.write(0, bytesOf(`version ${i}`));
    const flushed = handle.flush();
    await bench.rename('draft', 'final');
    await flushed;
    await handle.close();
    await bench.vfs.drain();
    expect(await behind.tree()).toEqual({ final: `version ${i}` });
  }
});

test('an upload that a removal overtakes leaves nothing', async () => {
  const { bench, behind } = breakableBench({ delay: 20 });
  for (let i = 0; i < 10; i++) {
    const handle = await bench.create('file');
    await handle.write(0, bytesOf(`version ${i}`));
    const flushed = handle.flush();
    await bench.remove('file');
    await flushed;
    await handle.close();
    await bench.vfs.drain();
    expect(await behind.tree()).toEqual({});
  }
});

const uncached = { spoolFolder: cacheFolder(), reading: usualReading, retries: never };

describe.each([
  ['without a cache', async (remote: Remote) => createDirectStore(remote, uncached, silentReport)],
  ['in a cache', (remote: Remote) => openStore(remote, cacheFolder(), { writeBack: { ...never, delay: 0 } })],
])('a new file %s whose upload arrived although its answer was lost', (_, open) => {
  async function loseAnswer(name: string) {
    const base = createMemoryRemote();
    const remote = troubled(base, {
      lose(path) {
        if (path === `bucket/${name}`) throw networkFailure(path);
      },
    });
    const store = await open(remote);
    const bench = createBench({ remote, path: 'bucket' }, { store: () => store });
    const { behind } = createBench({ remote: base, path: 'bucket' });
    const handle = await bench.create(name);
    await handle.write(0, bytesOf('content'));
    await handle.close();
    await expect.poll(() => bench.vfs.pending().failures).toHaveLength(1);
    expect(await behind.tree()).toEqual({ [name]: 'content' });
    return { bench, behind };
  }

  test('has one name when it is renamed', async () => {
    const { bench, behind } = await loseAnswer('draft');
    await bench.rename('draft', 'final');
    await bench.vfs.drain();
    expect(await behind.tree()).toEqual({ final: 'content' });
    await bench.vfs[Symbol.asyncDispose]();
  });

  test('does not come back when it is removed', async () => {
    const { bench, behind } = await loseAnswer('file');
    await bench.remove('file');
    await bench.vfs.drain();
    expect(await behind.tree()).toEqual({});
    await bench.vfs[Symbol.asyncDispose]();
  });
});

test('how much room there is, nobody waits for long to hear', async () => {
  const remote: Remote = { ...createMemoryRemote(), about: () => new Promise(() => {}) };
  const bench = createBench({ remote, path: 'bucket' });
  expect(await bench.vfs.usage()).toBeNull();
});
