import type { Nanoseconds } from '../../core/entry.ts';

/** Smallest step of a time that node can set: libuv cuts what it passes to the system to microseconds. */
export const nodePrecision: Nanoseconds = 1000n;

/** What is left of a time that was set in steps of `precision`. */
export function cutTo(precision: Nanoseconds, time: Nanoseconds): Nanoseconds {
  const rest = ((time % precision) + precision) % precision;
  return time - rest;
}

/** Seconds for node's utimes. As text, since a negative number means "now" there; with half a microsecond more of the
 *  same sign, so that libuv's cut towards zero never falls one short of what a double cannot hold exactly. */
export function secondsText(time: Nanoseconds): string {
  return `${cutTo(nodePrecision, time) / nodePrecision}5e-7`;
}
