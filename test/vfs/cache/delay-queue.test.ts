import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDelayQueue } from '../../../src/vfs/cache/delay-queue.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('what is added is due after the delay, in its order, counted anew with each call', () => {
  const due: string[] = [];
  const queue = createDelayQueue<string>(100, (item) => due.push(item));
  queue.add('a');
  queue.add('b');
  vi.advanceTimersByTime(50);
  queue.add('a');
  queue.add('c');
  vi.advanceTimersByTime(60);
  expect(due).toEqual(['b']);
  expect(queue.has('a')).toBe(true);
  vi.advanceTimersByTime(60);
  expect(due).toEqual(['b', 'a', 'c']);
  expect(queue.has('a')).toBe(false);
});

test('what is taken out is not due, what is added meanwhile is', () => {
  const due: string[] = [];
  const queue = createDelayQueue<string>(100, (item) => {
    due.push(item);
    if (due.length < 3) queue.add(item);
  });
  queue.add('a');
  queue.add('b');
  queue.delete('b');
  vi.advanceTimersByTime(1000);
  expect(due).toEqual(['a', 'a', 'a']);
});

test('a delay beyond what a timer takes is waited for', () => {
  const due: string[] = [];
  createDelayQueue<string>(2 ** 32, (item) => due.push(item)).add('a');
  vi.advanceTimersByTime(2 ** 31 + 1000);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(2 ** 31 + 1000);
  expect(due).toEqual(['a']);
});
