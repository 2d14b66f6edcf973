import { type CalendarDate, calendarDate } from '../../core/calendar.ts';
import type { Nanoseconds } from '../../core/entry.ts';

/** `2006-01-02 15:04:05` in the local time zone. */
export function formatSeconds(time: Nanoseconds): string {
  return localFields(calendarDate(time), ' ');
}

/** `2006-01-02 15:04:05.000000000` in the local time zone, as `lsl` prints it. */
export function formatNanoseconds(time: Nanoseconds): string {
  return `${localFields(calendarDate(time), ' ')}.${fractionOf(time)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jan 02 15:04` in the local time zone, as `tree` prints it. */
export function formatShortTime(time: Nanoseconds): string {
  const { date } = calendarDate(time);
  return `${months[date.getMonth()]} ${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** RFC 3339 in the local time zone with `digits` of the second's fraction, as `lsjson` prints it; UTC is `Z`. */
export function formatRfc3339(time: Nanoseconds, digits: number): string {
  const day = calendarDate(time);
  const second = digits === 0 ? '' : `.${fractionOf(time).slice(0, digits)}`;
  return `${localFields(day, 'T')}${second}${zone(day.date)}`;
}

/** How many digits of a second's fraction a store of this precision tells: 9 for nanoseconds, 0 for seconds or none. */
export function fractionDigits(precision: Nanoseconds | null): number {
  let digits = 9;
  for (let step = 1n; digits > 0 && (precision === null || precision > step); step *= 10n) digits--;
  return digits;
}

// Counts forward, before 1970 too.
function fractionOf(time: Nanoseconds): string {
  const fraction = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return String(fraction).padStart(9, '0');
}

function localFields({ date, years }: CalendarDate, between: string): string {
  const year = date.getFullYear() + years;
  const day = `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}${between}${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

function zone(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return 'Z';
  const ahead = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.trunc(ahead / 60))}:${pad(ahead % 60)}`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
