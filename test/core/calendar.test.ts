import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarDate } from '../../src/core/calendar.ts';

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
