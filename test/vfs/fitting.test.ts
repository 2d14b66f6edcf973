import { expect, test } from 'vitest';
import { Failure } from '../../src/core/failure.ts';
import type { Remote } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import { failureOf } from '../contract/remote/bench.ts';
import { createBench } from '../contract/vfs/bench.ts';

/** A Vfs over a remote that takes paths of so many characters, and tells what it was asked. */
function benchOf(longest: number) {
  const asked: string[] = [];
  const remote: Remote = {
    ...createMemoryRemote(),
    async checkPath(path) {
      asked.push(path);
      if (path.length > longest) throw new Failure('too-large', `${path}: is too long`, { path });
    },
  };
  return { asked, bench: createBench({ remote, path: 'bucket' }) };
}

test('a remote is asked once whether short names fit into a folder, and again at another path', async () => {
  const { asked, bench } = benchOf(1000);
  await bench.makeFolder('folder');
  for (const name of ['folder/a', 'folder/b.txt', 'folder/report-2024_final.csv'])
    await (await bench.create(name)).close();
  expect(asked).toHaveLength(1);
  await (await bench.create('other')).close();
  expect(asked).toHaveLength(2);
  await bench.rename('folder', 'moved');
  asked.length = 0;
  for (const name of ['moved/c', 'moved/d']) await (await bench.create(name)).close();
  expect(asked).toHaveLength(1);
});

test('it is asked for each name that is long, or may take more room than its letters', async () => {
  const { asked, bench } = benchOf(1000);
  await (await bench.create('short')).close();
  asked.length = 0;
  const others = ['n'.repeat(60), 'ü', 'a b', 'a:b', 'end.', '.hidden'];
  for (const name of others) await (await bench.create(name)).close();
  expect(asked).toEqual(others.map((name) => `bucket/${name}`));
});

test('where little fits, each name is judged by itself', async () => {
  const { bench } = benchOf(20);
  await (await bench.create('fits')).close();
  expect(await failureOf(bench.create('does-not-fit-here'))).toBe('too-large');
  await (await bench.create('fits-too')).close();
  expect(await bench.names('')).toEqual(['fits', 'fits-too']);
});
