import { type CalendarDate, calendarDate } from './calendar.ts';
import type { Nanoseconds } from './entry.ts';

/** RFC 3339 in the local time zone with `digits` of the second's fraction; without `digits` as many as it needs, as Go's
 *  RFC3339Nano. UTC is `Z`. */
export function formatRfc3339(time: Nanoseconds, digits?: number): string {
  const day = calendarDate(time);
  const all = fractionOf(time);
  const fraction = digits === undefined ? all.replace(/0+$/, '') : all.slice(0, digits);
  return `${localFields(day, 'T')}${fraction && `.${fraction}`}${zone(day.date)}`;
}

/** Null for what is no such time. Digits behind the ninth are dropped. */
export function parseRfc3339(text: string): Nanoseconds | null {
  const [, seconds, fraction = '', offset] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${offset}`);
  if (Number.isNaN(milliseconds)) return null;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
}

/** Nine digits. Counts forward, before 1970 too. */
export function fractionOf(time: Nanoseconds): string {
  const fraction = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return String(fraction).padStart(9, '0');
}

/** `2006-01-02 15:04:05`, with another character `between` the day and the time, in the local time zone. */
export function localFields({ date, years }: CalendarDate, between: string): string {
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

export function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
