import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { forEachParallel } from '../../src/core/parallel.ts';

async function* later(...items: readonly number[]) {
  for (const item of items) {
    await sleep(1);
    yield item;
  }
}

it.each([
  ['at hand', () => Array.from({ length: 25 }, (_, index) => index)],
  ['that come one by one', () => later(...Array.from({ length: 25 }, (_, index) => index))],
])('items %s are all worked on, and no more at once than the limit', async (_, items) => {
  const state = { running: 0, most: 0, sum: 0 };
  let reach = (): void => {};
  const limitReached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  await forEachParallel<number>(items(), 4, undefined, async (item) => {
    state.most = Math.max(state.most, ++state.running);
    if (state.running === 4) reach();
    await limitReached;
    await sleep(1);
    state.running--;
    state.sum += item;
  });
  expect(state).toEqual({ running: 0, most: 4, sum: 300 });
});

it('an error stops the rest: no further item is taken, what runs is told and waited for', async () => {
  const started: number[] = [];
  const told: boolean[] = [];
  const run = forEachParallel([1, 2, 3, 4, 5, 6], 2, undefined, async (item, signal) => {
    started.push(item);
    if (item === 1) throw new Error('one');
    await sleep(5);
    told.push(signal.aborted);
  });
  await expect(run).rejects.toThrow('one');
  expect(started).toEqual([1, 2]);
  expect(told).toEqual([true]);
});

it('an abort is a cancellation, and the source of the items is closed', async () => {
  const stop = new AbortController();
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) yield 1;
    } finally {
      isClosed = true;
    }
  }
  const run = forEachParallel(endless(), 3, stop.signal, async () => {
    await sleep(1);
    stop.abort();
  });
  await expect(run).rejects.toMatchObject({ kind: 'cancelled' });
  expect(isClosed).toBe(true);
});

it.each([1, 3])('an error closes the source of the items too, with %i at once', async (limit) => {
  let isClosed = false;
  async function* items() {
    try {
      for (let item = 0; ; item++) yield item;
    } finally {
      isClosed = true;
    }
  }
  const run = forEachParallel(items(), limit, undefined, async () => {
    throw new Error('no');
  });
  await expect(run).rejects.toThrow('no');
  expect(isClosed).toBe(true);
});
