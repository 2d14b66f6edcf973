import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isFailure } from '../../src/core/failure.ts';
import type { Location } from '../../src/core/remote.ts';
import { createMemoryRemote } from '../../src/remotes/memory.ts';
import type { Node } from '../../src/vfs/vfs.ts';
import { type Bench, createBench, toWrite } from '../contract/vfs/bench.ts';
import { localFolder } from '../remotes/local/folder.ts';
import { networkFailure, type Troubles, troubled } from './troubled.ts';

const workers = 6;
const rounds = 40;

interface Stage {
  readonly bench: Bench;
  /** Past all troubles. */
  readonly behind: Bench['behind'];
  /** Whether folders are renamed meanwhile: a rename that fails half way splits a folder, by right. */
  readonly renames: boolean;
  done(): void;
}

const stages: Readonly<Record<string, () => Stage>> = {
  'a bucket': () => stage({ remote: createMemoryRemote(), path: 'bucket' }, { delay: 2 }),
  'a bucket that fails now and then': () => ({
    ...stage({ remote: createMemoryRemote(), path: 'bucket' }, { delay: 2, fail: nowAndThen() }),
    renames: false,
  }),
  'a folder': () => {
    const folder = localFolder();
    return { ...stage({ remote: folder.remote(), path: folder.path }, { delay: 2 }), done: folder.remove };
  },
};

function stage({ remote, path }: Location, troubles: Troubles): Stage {
  const { behind } = createBench({ remote, path });
  return { bench: createBench({ remote: troubled(remote, troubles), path }), behind, renames: true, done() {} };
}

for (const [name, open] of Object.entries(stages)) {
  test(`many at once over ${name} lose nothing, whatever folders are renamed under them`, async () => {
    const { bench, behind, renames, done } = open();
    const folders = [await bench.makeFolder('one'), await bench.makeFolder('two')];
    const expected = new Map<string, string>();
    let isOver = false;
    const renaming = (async () => {
      while (!isOver && renames) {
        for (const [from, to] of [
          ['one', 'three'],
          ['two', 'one'],
          ['three', 'two'],
        ] as const) {
          await insist(() => bench.rename(from, to));
          await sleep(2);
        }
        bench.vfs.invalidate();
      }
    })();
    await Promise.all(Array.from({ length: workers }, (_, worker) => work(bench, folders, `w${worker}`, expected)));
    isOver = true;
    await renaming;
    await bench.vfs.drain();
    bench.vfs.invalidate();
    const shown: [string, string][] = [];
    for (const folder of ['one', 'two']) {
      for (const file of await insist(() => bench.names(folder))) {
        shown.push([file, await insist(() => bench.text(`${folder}/${file}`))]);
      }
    }
    expect(Object.fromEntries(shown.sort())).toEqual(Object.fromEntries([...expected].sort()));
    const stored = Object.entries(await behind.tree());
    expect(stored.map(([path, text]) => [path.split('/').pop(), text]).sort()).toEqual(shown);
    done();
  });
}

/** Makes, changes, reads, moves and removes files of its own, by their folders' nodes. */
async function work(
  bench: Bench,
  folders: readonly Node[],
  name: string,
  expected: Map<string, string>,
): Promise<void> {
  const { vfs } = bench;
  const places = new Map<string, Node>();
  const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;
  for (let round = 0; round < rounds; round++) {
    const file = `${name}-${round % 5}`;
    const folder = places.get(file);
    const choice = Math.random();
    if (!folder) {
      const into = pick(folders);
      const handle = await insist(async () => vfs.makeFile(into, file, toWrite));
      await handle.write(0, Buffer.from(`${file} made in round ${round}`));
      await (async () => handle.flush())().catch(onlyTransient);
      await handle.close();
      places.set(file, into);
      expected.set(file, `${file} made in round ${round}`);
    } else if (choice < 0.3) {
      const node = await insist(async () => vfs.lookup(folder, file));
      const handle = await insist(() => vfs.open(node as Node, toWrite));
      const text = `${file} changed in round ${round}`;
      await insist(async () => handle.write(0, Buffer.from(text)));
      await vfs.setAttributes(node as Node, { size: text.length });
      expected.set(file, text);
      await (async () => handle.flush())().catch(onlyTransient);
      await handle.close();
    } else if (choice < 0.6) {
      const node = await insist(async () => vfs.lookup(folder, file));
      const handle = await insist(() => vfs.open(node as Node, { ...toWrite, write: false }));
      const bytes = await insist(() => handle.read(0, 1000));
      expect(Buffer.from(bytes).toString()).toBe(expected.get(file));
      await handle.close();
    } else if (choice < 0.85) {
      const into = pick(folders);
      await insist(() => vfs.rename(folder, file, into, file, { replace: true }));
      places.set(file, into);
    } else {
      await insist(() => vfs.remove(folder, file));
      places.delete(file);
      expected.delete(file);
    }
  }
}

function nowAndThen(): NonNullable<Troubles['fail']> {
  let calls = 0;
  return (_method, path) => {
    if (++calls % 17 === 0) throw networkFailure(path);
  };
}

/** As a patient user. */
async function insist<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action();
    } catch (error) {
      onlyTransient(error);
    }
  }
}

function onlyTransient(error: unknown): void {
  if (!isFailure(error, 'transient')) throw error;
}
