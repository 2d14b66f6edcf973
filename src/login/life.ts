import { pad } from '../core/rfc3339.ts';

const minute = 60_000;

/** `valid until 18:05, 7 h 59 min`, by the local clock. Times in milliseconds since 1970. */
export function tokenLife(expires: number | null, now: number): string {
  if (expires === null) return 'valid, the site does not say for how long';
  if (expires <= now) return 'not valid any more';
  const minutes = Math.floor((expires - now) / minute);
  const left = minutes < 1 ? 'less than a minute' : minutes < 60 ? `${minutes} min` : hours(minutes);
  return `valid until ${localTime(new Date(expires), new Date(now))}, ${left}`;
}

function hours(minutes: number): string {
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** With the date where it is not today's. */
function localTime(time: Date, now: Date): string {
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}
