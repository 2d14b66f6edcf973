import type { Nanoseconds } from './entry.ts';

/** The same moment, as entries have it. */
export function inNanoseconds(date: Date): Nanoseconds {
  return BigInt(date.getTime()) * 1_000_000n;
}

/** A date as HTTP headers and listings have it, to the millisecond; null for what is none. */
export function readDate(text = ''): Nanoseconds | null {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : BigInt(milliseconds) * 1_000_000n;
}
