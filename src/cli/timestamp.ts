import type { Nanoseconds } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';

const forms = [
  /^(?<year>\d{2})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})T(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?$/,
];

/** A time as `touch --timestamp` takes it: `171030`, `2006-01-02T15:04:05`, `2006-01-02T15:04:05.123456789`; in UTC unless
 *  `isLocal`. Throws Failure('usage'). */
export function parseTimestamp(text: string, isLocal: boolean): Nanoseconds {
  const groups = forms.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (!groups) throw badTimestamp(text);
  const part = (name: string): number => Number(groups[name] ?? 0);
  const fields = [fullYear(part('year')), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')];
  const milliseconds = isLocal ? localTime(fields) : utcTime(fields);
  if (milliseconds === null) throw badTimestamp(text);
  return BigInt(milliseconds) * 1_000_000n + BigInt((groups.fraction ?? '').padEnd(9, '0'));
}

function badTimestamp(text: string): Failure {
  return new Failure('usage', `bad timestamp "${text}": write YYMMDD or YYYY-MM-DDTHH:MM:SS, with .SSS if need be`);
}

// Two digits mean 1969–2068, as for Go's time.Parse.
function fullYear(year: number): number {
  return year >= 100 ? year : year >= 69 ? 1900 + year : 2000 + year;
}

type Fields = readonly number[];

/** Null for a date that no calendar has, such as the 31st of February. */
function utcTime([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: Fields): number | null {
  const time = Date.UTC(year, month, day, hour, minute, second);
  const date = new Date(time);
  const isSame = date.getUTCMonth() === month && date.getUTCDate() === day && date.getUTCHours() === hour;
  return isSame && minute < 60 && second < 60 ? time : null;
}

function localTime(fields: Fields): number | null {
  if (utcTime(fields) === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  return new Date(year, month, day, hour, minute, second).getTime();
}
