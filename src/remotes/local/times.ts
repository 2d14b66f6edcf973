import type { Nanoseconds } from '../../core/entry.ts';

/** Smallest step of a time that node can set: older libuvs cut what they pass to the system to microseconds, newer ones to
 *  what a double holds. */
export const nodePrecision: Nanoseconds = 1000n;

/** What is left of a time that was set in steps of `precision`, cut towards 1970. */
export function cutTo(precision: Nanoseconds, time: Nanoseconds): Nanoseconds {
  return time - (time % precision);
}

/** Seconds for node's utimes. As text, since a negative number means "now" there; with half a microsecond more of the
 *  same sign, so that a cut to microseconds never falls one short of what a double cannot hold exactly. */
export function secondsText(time: Nanoseconds): string {
  return `${time / nodePrecision}5e-7`;
}
