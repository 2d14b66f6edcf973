import type { Awaitable } from './awaitable.ts';
import { throwIfCancelled } from './cancel.ts';

/** Runs `work` on each item, at most `limit` at a time, and asks for the next item only when there is room. The first
 *  failure stops the rest: their signal aborts, the source of the items is closed, and the failure is thrown once all
 *  have ended. */
export async function forEachParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Awaitable<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const failures: unknown[] = [];

  async function takeTurns(): Promise<void> {
    try {
      while (!either.aborted) {
        const step = iterator.next();
        // An item that is at hand, and work that is done at once, cost no turn of the queue of promises.
        const { done, value } = step instanceof Promise ? await step : step;
        if (done) return;
        const working = work(value, either);
        if (working instanceof Promise) await working;
      }
    } catch (error) {
      failures.push(error);
      stop.abort(error);
    }
  }
  await Promise.all(Array.from({ length: limit }, takeTurns));
  if (either.aborted) await close(iterator, failures);
  if (failures.length > 0) throw failures[0];
  throwIfCancelled(signal);
}

/** Closes the source of the items; what it throws counts only where nothing else has failed. */
async function close<T>(iterator: Iterator<T> | AsyncIterator<T>, failures: unknown[]): Promise<void> {
  try {
    await iterator.return?.();
  } catch (error) {
    failures.push(error);
  }
}
