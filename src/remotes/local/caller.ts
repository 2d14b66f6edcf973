import { setImmediate as turn } from 'node:timers/promises';
import type { Awaitable } from '../../core/awaitable.ts';
import { now } from '../../core/now.ts';

// A call on a fast disk takes 2–10 µs directly and 30–60 µs by way of node's thread pool, nearly all of it CPU
// (docs/decisions/0011-direct-file-calls.md). On a slow file system a direct call would stop every other transfer.
const slowCall = 1; // milliseconds
const queuedCalls = 1000;
const weight = 0.1;
// Direct calls let nothing else run, so the event loop gets a turn at least this often.
const turnEvery = 10; // milliseconds
// To read the clock before and after costs a tenth of a quick call: while calls are quick, one of four is timed.
const quickCall = 0.1; // milliseconds
const untimedCalls = 3;

/** As node's callbacks are called: with an error, or with what the call gives, where it gives anything. */
export type Done<T> = (error: NodeJS.ErrnoException | null, value?: T) => void;

export interface Caller {
  /** A system call, of which it is given both forms. */
  <A extends readonly unknown[], T>(
    direct: (...args: A) => T,
    queue: (done: Done<T>, ...args: A) => void,
  ): (...args: A) => Awaitable<T>;
  /** Makes a direct call, for a caller that gives the event loop its turns itself; null while direct calls are slow. */
  atOnce<T>(direct: () => T): T | null;
}

/** Calls directly while that is fast, and by the thread pool for a while once calls have been slow. */
export function createCaller(): Caller {
  let average = 0;
  let queuedLeft = 0;
  let untimedLeft = 0;
  let turnedAt = now();

  function timed<A extends readonly unknown[], T>(direct: (...args: A) => T, args: A, start: number): T {
    try {
      return direct(...args);
    } finally {
      // One hiccup is no slow disk: a single call counts for no more than four slow ones.
      const time = Math.min(now() - start, 4 * slowCall);
      average += weight * (time - average);
      if (average < quickCall) untimedLeft = untimedCalls;
      if (average > slowCall) {
        average = 0;
        queuedLeft = queuedCalls;
      }
    }
  }

  // Apart, since a function that holds a closure puts aside what that captures at each call.
  const afterTurn = <A extends readonly unknown[], T>(direct: (...args: A) => T, args: A): Promise<T> =>
    turn().then(() => timed(direct, args, now()));
  const inPool = <A extends readonly unknown[], T>(queue: (done: Done<T>, ...args: A) => void, args: A): Promise<T> =>
    queued((done) => queue(done, ...args));

  function both<A extends readonly unknown[], T>(
    direct: (...args: A) => T,
    queue: (done: Done<T>, ...args: A) => void,
  ): (...args: A) => Awaitable<T> {
    return (...args) => {
      if (queuedLeft > 0) {
        queuedLeft--;
        return inPool(queue, args);
      }
      if (untimedLeft > 0) {
        untimedLeft--;
        return direct(...args);
      }
      const start = now();
      if (start - turnedAt <= turnEvery) return timed(direct, args, start);
      turnedAt = start;
      return afterTurn(direct, args);
    };
  }

  function atOnce<T>(direct: () => T): T | null {
    if (queuedLeft > 0) {
      queuedLeft--;
      return null;
    }
    if (untimedLeft === 0) return timed(direct, [], now());
    untimedLeft--;
    return direct();
  }

  return Object.assign(both, { atOnce });
}

/** Calls by the thread pool. */
export function queued<T>(queue: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => queue((error, value) => (error ? reject(error) : resolve(value as T))));
}
