import { timerDelay } from '../../core/timer.ts';

/** Calls something for each of its items when `delay` has passed since that was added, by one timer for all of them. */
export interface DelayQueue<T> {
  /** Counts anew for an item that is in it. */
  add(item: T): void;
  has(item: T): boolean;
  delete(item: T): void;
}

/** `delay` in milliseconds. `due` must not throw. The process does not stay alive for it. */
export function createDelayQueue<T>(delay: number, due: (item: T) => void): DelayQueue<T> {
  // In the order in which they are due.
  const dueAt = new Map<T, number>();
  let isWaiting = false;

  function look(): void {
    const now = performance.now();
    for (const [item, time] of dueAt) {
      if (time > now) break;
      dueAt.delete(item);
      due(item);
    }
    isWaiting = false;
    const [next] = dueAt.values();
    if (next !== undefined) wait(next - now);
  }

  function wait(milliseconds: number): void {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(look, timerDelay(milliseconds)).unref();
  }

  return {
    add(item) {
      dueAt.delete(item);
      dueAt.set(item, performance.now() + delay);
      wait(delay);
    },
    has: (item) => dueAt.has(item),
    delete: (item) => void dueAt.delete(item),
  };
}
