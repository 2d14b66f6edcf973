import type { Nanoseconds } from './entry.ts';

// The calendar repeats itself after 400 years, weekdays and leap years alike.
const cycleYears = 400;
const cycle = 146_097n * 86_400_000n; // milliseconds
// In which of them a time zone keeps to its first rule, and in which to its last.
const past = -5n;
const future = 5n;
const furthest = 8_640_000_000_000_000n;

/** A day and time of the calendar. */
export interface CalendarDate {
  readonly date: Date;
  /** How many years later it is than `date` says. */
  readonly years: number;
}

/** A time in the calendar, to the millisecond below. Date ends with the year 275760, the times of stores and disks do not:
 *  beyond, another 400 years stand in for theirs. */
export function calendarDate(time: Nanoseconds): CalendarDate {
  const rest = time % 1_000_000n;
  const milliseconds = (time - rest) / 1_000_000n - (rest < 0n ? 1n : 0n);
  if (milliseconds <= furthest && milliseconds >= -furthest) return { date: new Date(Number(milliseconds)), years: 0 };
  const cycles = milliseconds / cycle - (milliseconds > 0n ? future : past);
  return { date: new Date(Number(milliseconds - cycles * cycle)), years: Number(cycles) * cycleYears };
}
