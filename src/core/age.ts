import { parseDuration } from './duration.ts';
import type { Nanoseconds } from './entry.ts';
import { Failure, isFailure } from './failure.ts';

/** The moment that an age means: `2d` before `now`, or a date (`2026-01-31`, `2026-01-31 12:00:00` in local time, RFC 3339).
 *  Null for `off`. Throws Failure('usage'). Accepts what rclone's fs.Duration does. */
export function parseAge(text: string, now: Nanoseconds): Nanoseconds | null {
  const date = parseDate(text);
  if (date !== null) return date;
  const milliseconds = parseDurationOrExplain(text);
  return Number.isFinite(milliseconds) ? now - BigInt(Math.round(milliseconds * 1e6)) : null;
}

/** A date in one of rclone's four forms, local unless it carries a zone; null where it has another form.
 *  Throws Failure('usage') for a date that no calendar has. */
function parseDate(text: string): Nanoseconds | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d?):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?)?(Z|[-+]\d\d:\d\d)?$/.exec(
    text,
  );
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  if (zone !== undefined && text[10] !== 'T') return null;
  const fields = [year, month, day, hour, minute, second].map(Number) as [number, number, number, ...number[]];
  const seconds = utcSeconds(fields);
  if (seconds === null) throw new Failure('usage', `bad date "${text}": there is no such day or time`);
  const instant = zone === undefined ? localSeconds(fields) : seconds - zoneSeconds(zone);
  return BigInt(instant) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function parseDurationOrExplain(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!isFailure(error, 'usage')) throw error;
    throw new Failure('usage', `bad age "${text}": give a duration such as 90m, 2d, 1y, or a date such as 2026-01-31`, {
      cause: error,
    });
  }
}

type Fields = readonly [year: number, month: number, day: number, ...clock: number[]];

// Null when a field runs over: Date would silently turn 30 February into 2 March.
function utcSeconds([year, month, day, hour = 0, minute = 0, second = 0]: Fields): number | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? date.setUTCHours(hour, minute, second) / 1000 : null;
}

function localSeconds([year, month, day, hour = 0, minute = 0, second = 0]: Fields): number {
  const date = new Date(0);
  date.setFullYear(year, month - 1, day);
  return date.setHours(hour, minute, second, 0) / 1000;
}

function zoneSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4, 6)) * 60);
}
