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

/** Year, month from 1 on, day, and what is known of hour, minute and second. */
export type DateFields = readonly number[];

/** Milliseconds since 1970 of a day and time, by the local clock or in UTC. Null for one that no calendar has, such as 30
 *  February, which Date would take for 2 March. */
export function instantOf(fields: DateFields, isLocal: boolean): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59) return null;
  if (!isLocal) return date.setUTCHours(hour, minute, second);
  const local = new Date(0);
  local.setFullYear(year, month - 1, day);
  return local.setHours(hour, minute, second, 0);
}

/** As `ls -l` and `tree` write them. */
export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
