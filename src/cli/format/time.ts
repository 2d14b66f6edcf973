import { calendarDate, monthNames } from '../../core/calendar.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { fractionOf, localFields, pad } from '../../core/rfc3339.ts';

/** `2006-01-02 15:04:05` in the local time zone. */
export function formatSeconds(time: Nanoseconds): string {
  return localFields(calendarDate(time), ' ');
}

/** `2006-01-02 15:04:05.000000000` in the local time zone, as `lsl` prints it. */
export function formatNanoseconds(time: Nanoseconds): string {
  return `${localFields(calendarDate(time), ' ')}.${fractionOf(time)}`;
}

/** `Jan 02 15:04` in the local time zone, as `tree` prints it. */
export function formatShortTime(time: Nanoseconds): string {
  const { date } = calendarDate(time);
  return `${monthNames[date.getMonth()]} ${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** How many digits of a second's fraction a store of this precision tells: 9 for nanoseconds, 0 for seconds or none. */
export function fractionDigits(precision: Nanoseconds | null): number {
  let digits = 9;
  for (let step = 1n; digits > 0 && (precision === null || precision > step); step *= 10n) digits--;
  return digits;
}
