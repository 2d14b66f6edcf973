import { instantOf } from './calendar.ts';
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
  const time = instantOf([year, month, day, hour, minute, second].map(Number), zone === undefined);
  if (time === null) throw new Failure('usage', `bad date "${text}": there is no such day or time`);
  return BigInt(time - zoneOffset(zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
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

/** Milliseconds that a zone is ahead of UTC; 0 without one. */
function zoneOffset(zone = 'Z'): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000;
}
