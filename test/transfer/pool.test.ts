import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLimit, createPool, forEachFolder } from '../../src/transfer/pool.ts';

/** Counts what runs at once. */
function gauge() {
  const state = { running: 0, most: 0, done: 0 };
  const work = async (): Promise<void> => {
    state.most = Math.max(state.most, ++state.running);
    await sleep(2);
    state.running--;
    state.done++;
  };
  return { state, work };
}

describe('a pool', () => {
  it('runs every task, and no more at once than its limit', async () => {
    const { state, work } = gauge();
    const pool = createPool(3);
    for (let i = 0; i < 20; i++) await pool.add(work);
    await pool.drain();
    expect(state).toEqual({ running: 0, most: 3, done: 20 });
  });

  it('holds back who adds more than its backlog', async () => {
    const pool = createPool(1, 2);
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let added = 0;
    const adding = (async () => {
      for (; added < 5; added++) await pool.add(() => gate);
    })();
    await sleep(5);
    expect(added).toBe(3);
    release();
    await adding;
    await pool.drain();
  });

  it('drops what waits after the first error, and throws that when drained', async () => {
    const pool = createPool(1, 10);
    let later = 0;
    await pool.add(() => Promise.reject(new Error('first')));
    for (let i = 0; i < 5; i++) {
      await pool.add(async () => {
        later++;
      });
    }
    await expect(pool.drain()).rejects.toThrow('first');
    expect(later).toBe(0);
  });

  it('drains at once when nothing was added', async () => {
    await createPool(4).drain();
  });
});

describe('forEachFolder', () => {
  it('visits every folder once', async () => {
    const below: Record<string, string[]> = { '': ['a', 'b'], a: ['a/1', 'a/2'], b: [], 'a/1': [], 'a/2': ['a/2/x'] };
    const seen: string[] = [];
    await forEachFolder('', 2, async (dir) => {
      seen.push(dir);
      await sleep(1);
      return below[dir] ?? [];
    });
    expect(seen.sort()).toEqual(['', 'a', 'a/1', 'a/2', 'a/2/x', 'b']);
  });

  it('stops at the first error', async () => {
    const seen: string[] = [];
    const run = forEachFolder('', 1, async (dir) => {
      seen.push(dir);
      if (dir === 'a') throw new Error('bad a');
      return dir === '' ? ['a', 'b'] : [];
    });
    await expect(run).rejects.toThrow('bad a');
    expect(seen).toEqual(['', 'a']);
  });
});

describe('a limit', () => {
  it('hands on results and errors, in turn, no more at once than it says', async () => {
    const { state, work } = gauge();
    const limited = createLimit(2);
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((item) =>
        limited(async () => {
          await work();
          if (item === 3) throw new Error('three');
          return item;
        }),
      ),
    );
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(state).toEqual({ running: 0, most: 2, done: 5 });
  });
});
