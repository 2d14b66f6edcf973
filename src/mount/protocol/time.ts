import type { Nanoseconds } from '../../core/entry.ts';

const second = 1_000_000_000n;

/** Seconds, and the nanoseconds after them, also before 1970. */
export interface Timespec {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

export function splitTime(time: Nanoseconds): Timespec {
  const nanoseconds = ((time % second) + second) % second;
  return { seconds: (time - nanoseconds) / second, nanoseconds: Number(nanoseconds) };
}

export function joinTime(seconds: bigint, nanoseconds: number): Nanoseconds {
  return seconds * second + BigInt(nanoseconds);
}

/** A span as the kernel counts how long it may remember something. */
export interface Validity {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** From milliseconds; Infinity is longer than any machine runs. */
export function validityOf(milliseconds: number): Validity {
  const capped = Math.min(Math.max(0, milliseconds), 2 ** 31 * 1000);
  const seconds = Math.floor(capped / 1000);
  return { seconds, nanoseconds: Math.round((capped - seconds * 1000) * 1e6) };
}
