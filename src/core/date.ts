import type { Nanoseconds } from './entry.ts';

/** A date as HTTP headers and listings have it, to the millisecond; null for what is none. */
export function readDate(text = ''): Nanoseconds | null {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : BigInt(milliseconds) * 1_000_000n;
}
