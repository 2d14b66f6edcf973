import { expect, onTestFinished, test } from 'vitest';
import type { Remote } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { failureOf } from '../contract/remote/bench.ts';
import { type BenchOptions, bytesOf, createBench, toWrite } from '../contract/vfs/bench.ts';
import { localFolder } from '../remotes/local/folder.ts';
import { cacheFolder, openStore } from './cache/bench.ts';

const gibibyte = 2 ** 30;
const pebibyte = 2 ** 50;

const withRoom = (free: number): Remote => ({
  ...createMemoryRemote(),
  about: async () => ({ total: 2 * free, free }),
});

async function benchOver(remote: Remote, path = 'bucket') {
  const store = await openStore(remote, cacheFolder());
  const options: BenchOptions = { store: () => store };
  return createBench({ remote, path }, options);
}

test('a file is not made longer than the remote has room, nor changed by the try', async () => {
  const { vfs, node, make, create, text } = await benchOver(withRoom(10 * gibibyte));
  await make('file', 'content');
  expect(await failureOf(vfs.setAttributes(await node('file'), { size: 11 * gibibyte }))).toBe('full');
  const handle = await create('written');
  await handle.write(0, bytesOf('start'));
  expect(await failureOf((async () => handle.write(10 * gibibyte, bytesOf('end')))())).toBe('full');
  await handle.write('end', bytesOf(' and end'));
  await handle.flush();
  await handle.close();
  expect(await text('written')).toBe('start and end');
  expect(await text('file')).toBe('content');
});

test('where nobody knows how much room there is, a file gets as long as every store takes', async () => {
  const { vfs, open, make } = await benchOver(createMemoryRemote());
  await make('file', '');
  const handle = await open('file', toWrite);
  expect(await failureOf(vfs.setAttributes(handle.node, { size: pebibyte }))).toBe('too-large');
  expect(await failureOf((async () => handle.write(pebibyte, bytesOf('end')))())).toBe('too-large');
  expect(await vfs.setAttributes(handle.node, { size: 5000 * gibibyte })).toMatchObject({ size: 5000 * gibibyte });
  expect(await vfs.setAttributes(handle.node, { size: 0 })).toMatchObject({ size: 0 });
  await handle.close();
});

test('a folder of this machine tells how much room there is', async () => {
  const folder = localFolder();
  onTestFinished(folder.remove);
  const { vfs, node, make } = await benchOver(folder.remote(), folder.path);
  await make('file');
  expect(await failureOf(vfs.setAttributes(await node('file'), { size: pebibyte }))).toBe('full');
});

test('what is filled in later asks the remote nothing', async () => {
  let asked = 0;
  const remote: Remote = {
    ...createMemoryRemote(),
    async about() {
      asked++;
      return {};
    },
  };
  const { vfs, create } = await benchOver(remote);
  const handle = await create('file');
  await vfs.setAttributes(handle.node, { size: gibibyte });
  await handle.write(gibibyte, bytesOf('end'));
  await vfs.setAttributes(handle.node, { size: 3 });
  await handle.close();
  expect(asked).toBe(0);
});
