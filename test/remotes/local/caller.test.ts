import { expect, test } from 'vitest';
import { type Caller, createCaller } from '../../../src/remotes/local/caller.ts';

test('fast calls are direct', async () => {
  const call = createCaller();
  expect(await formsOf(call, 5000, 0)).toEqual({ direct: 5000, queued: 0 });
});

test('calls of a slow disk go by the thread pool after a few, and it is tried again later', async () => {
  const call = createCaller();
  const first = await formsOf(call, 20, 5);
  expect(first.direct).toBeLessThan(10);
  expect(first.queued).toBe(20 - first.direct);
  const later = await formsOf(call, 2000, 0);
  expect(later.queued).toBe(1000 - first.queued);
});

test('a disk that turns slow is noticed after a few slow calls, though not all quick ones are timed', async () => {
  const call = createCaller();
  await formsOf(call, 100, 0);
  const { direct } = await formsOf(call, 20, 5);
  expect(direct).toBeLessThan(10);
});

test('calls at once are made while direct ones are quick, and none while they are slow', async () => {
  const call = createCaller();
  let calls = 0;
  const attempt = (): number | null => call.atOnce(() => ++calls);
  expect([attempt(), attempt()]).toEqual([1, 2]);
  await formsOf(call, 20, 5);
  expect(attempt()).toBeNull();
  await formsOf(call, 1000, 0);
  expect(attempt()).toBe(3);
});

test('one hiccup changes nothing', async () => {
  const call = createCaller();
  await formsOf(call, 100, 0);
  expect(await formsOf(call, 1, 200)).toEqual({ direct: 1, queued: 0 });
  expect(await formsOf(call, 100, 0)).toEqual({ direct: 100, queued: 0 });
});

test('timers and signals are served while direct calls go on', async () => {
  const call = createCaller();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  // On a busy machine a few calls may come to pass between two ticks.
  for (let rounds = 0; ticks <= 2 && rounds < 50; rounds++) await formsOf(call, 400, 0.2);
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

/** Makes calls that take so many milliseconds when they are direct, and counts how they went. */
async function formsOf(call: Caller, calls: number, milliseconds: number) {
  const forms = { direct: 0, queued: 0 };
  const busy = call(
    () => {
      forms.direct++;
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    },
    (done) => {
      forms.queued++;
      done(null, undefined);
    },
  );
  for (let i = 0; i < calls; i++) await busy();
  return forms;
}
