import { Failure } from './failure.ts';
import { parseSize } from './size.ts';

/** Bytes a second; 0 or less is no limit. */
export interface Rates {
  readonly up: number;
  readonly down: number;
}

interface Slot extends Rates {
  /** Minutes since Sunday 00:00 from which on it holds. */
  readonly start: number;
}

/** Rates by the minute of the week, as rclone's `--bwlimit` writes them. */
export type Timetable = readonly Slot[];

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const dayLength = 24 * 60; // minutes

/** Reads `10M`, `10M:100k` (up:down), `off`, or times of day or week with one of these behind each: `08:00,512k 18:00,off`,
 *  `Mon-08:00,512k Sat-00:00,off`. Throws Failure('usage'). Same form as rclone's fs.BwTimetable. */
export function parseTimetable(text: string): Timetable {
  if (!/[ ,]/.test(text)) return [{ start: 0, ...parseRates(text) }];
  return text.split(' ').flatMap((slot) => {
    const [time = '', rates, ...rest] = slot.split(',');
    if (rates === undefined || rest.length > 0)
      throw new Failure('usage', `invalid time/bandwidth specification: "${slot}"`);
    return startsOf(time).map((start) => ({ start, ...parseRates(rates) }));
  });
}

/** The rates at a moment, in local time: of the slot that began last in this week, or, before its first one, of the slot
 *  that is written last. */
export function ratesAt(timetable: Timetable, moment: Date): Rates {
  const minute = moment.getDay() * dayLength + moment.getHours() * 60 + moment.getMinutes();
  let current: Slot | undefined;
  for (const slot of timetable) if (slot.start <= minute && slot.start >= (current?.start ?? 0)) current = slot;
  return current ?? timetable.at(-1) ?? { up: -1, down: -1 };
}

function parseRates(text: string): Rates {
  const [up = '', ...rest] = text.split(':');
  return { up: parseSize(up), down: parseSize(rest.length > 0 ? rest.join(':') : up) };
}

/** On each day, where none is named. */
function startsOf(time: string): readonly number[] {
  const [, day, hour, minute] = /^(?:([^-]*)-)?(\d\d):(\d\d)$/.exec(time) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) {
    throw new Failure('usage', `invalid time specification (hh:mm): "${time}"`);
  }
  const inDay = Number(hour) * 60 + Number(minute);
  return daysOf(day).map((index) => index * dayLength + inDay);
}

function daysOf(name: string | undefined): readonly number[] {
  if (name === undefined) return days.map((_, index) => index);
  const index = days.findIndex((day) => [day, day.slice(0, 3)].includes(name.toLowerCase()));
  if (index < 0) throw new Failure('usage', `invalid weekday: "${name}"`);
  return [index];
}
