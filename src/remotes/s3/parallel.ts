import { throwIfCancelled } from '../../core/cancel.ts';

/** Runs `work` on each item, at most `limit` at a time, and asks for the next item only when there is room. The first
 *  failure stops the rest: their signal aborts, and it is thrown once all have ended. */
export async function forEachParallel<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown) => {
    failures.push(error);
    stop.abort(error);
  };
  try {
    for await (const item of items) {
      if (either.aborted) break;
      const job: Promise<void> = work(item, either)
        .catch(fail)
        .finally(() => running.delete(job));
      running.add(job);
      if (running.size >= limit) await Promise.race(running);
      if (either.aborted) break;
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  throwIfCancelled(signal);
}
