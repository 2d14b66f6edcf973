import { afterEach, expect, test, vi } from 'vitest';
import { nowInNanoseconds } from '../../src/core/now.ts';

afterEach(() => void vi.restoreAllMocks());

const milliseconds = (): number => Number(nowInNanoseconds() / 1_000_000n);

test('the time counts on after the machine has slept, and when it is set', () => {
  const day = 86_400_000;
  const before = Date.now();
  const real = Date.now;
  for (const change of [day, -day, 0]) {
    vi.spyOn(Date, 'now').mockImplementation(() => real() + change);
    const time = milliseconds();
    expect(Math.abs(time - before - change)).toBeLessThan(10_000);
    expect(milliseconds()).toBeGreaterThanOrEqual(time);
    vi.restoreAllMocks();
  }
});

test('the time is finer than a millisecond', () => {
  const times = new Set(Array.from({ length: 100_000 }, () => nowInNanoseconds() % 1_000_000n));
  expect(times.size).toBeGreaterThan(100);
});
