import { instantOf } from '../core/calendar.ts';
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
  const { year = '', month, day, hour = 0, minute = 0, second = 0, fraction = '' } = groups ?? {};
  const time = groups ? instantOf([fullYear(year), ...[month, day, hour, minute, second].map(Number)], isLocal) : null;
  if (time !== null) return BigInt(time) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  throw new Failure('usage', `bad timestamp "${text}": write YYMMDD or YYYY-MM-DDTHH:MM:SS, with .SSS if need be`);
}

// Two digits mean 1969–2068, as for Go's time.Parse.
function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year >= 69 ? 1900 + year : 2000 + year;
}
