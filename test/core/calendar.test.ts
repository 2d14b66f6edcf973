import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarDate, instantOf } from '../../src/core/calendar.ts';

const cycle = 146_097n * 86_400n * 1_000_000_000n;

test('a time that Date can hold is that date', () => {
  const milliseconds = fc.integer({ min: -8.64e15, max: 8.64e15 });
  fc.assert(
    fc.property(milliseconds, (time) => {
      const { date, years } = calendarDate(BigInt(time) * 1_000_000n + 999_999n);
      return years === 0 && date.getTime() === time;
    }),
  );
});

test('400 years later the calendar says the same, with 400 added to the year', () => {
  const times = fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n });
  const year = (time: bigint): number => calendarDate(time).date.getUTCFullYear() + calendarDate(time).years;
  const rest = (time: bigint): string => calendarDate(time).date.toISOString().slice(-20);
  fc.assert(
    fc.property(times, (time) => {
      expect(year(time + cycle)).toBe(year(time) + 400);
      expect(rest(time + cycle)).toBe(rest(time));
    }),
  );
});

test('a day and time is the instant that it names, in the first century too', () => {
  expect(instantOf([2024, 2, 29, 12, 0, 1], false)).toBe(Date.UTC(2024, 1, 29, 12, 0, 1));
  expect(new Date(instantOf([50, 1, 2], false) ?? 0).toISOString()).toBe('0050-01-02T00:00:00.000Z');
  expect(new Date(instantOf([50, 1, 2, 3], true) ?? 0).getHours()).toBe(3);
});

test.each([
  [[2023, 2, 29]],
  [[2023, 4, 31]],
  [[2023, 13, 1]],
  [[2023, 0, 1]],
  [[2023, 1, 1, 24]],
  [[2023, 1, 1, 1, 60]],
])('no calendar has %j', (fields) => {
  expect(instantOf(fields, false)).toBe(null);
  expect(instantOf(fields, true)).toBe(null);
});
