import type { Awaitable } from '../core/awaitable.ts';

/** Runs tasks, at most `limit` at once. The first error is kept and thrown by `drain`; later tasks are then dropped. */
export interface Pool {
  /** Resolves once the queue has room, not when the task is done; nothing to wait for where it has. */
  add(task: () => Promise<void>): Awaitable<void>;
  /** Resolves when every task has ended. */
  drain(): Promise<void>;
}

/** `backlog` bounds the queue of tasks that wait for their turn. */
export function createPool(limit: number, backlog = limit): Pool {
  const queue = createQueue<() => Promise<void>>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let firstError: { readonly error: unknown } | null = null;
  let wakeDrain: (() => void) | null = null;

  const next = (): void => {
    while (running < limit) {
      const task = queue.take();
      if (!task) break;
      running++;
      void work(task);
    }
    if (queue.length() < backlog) waiting.shift()?.();
    if (running === 0 && queue.length() === 0) wakeDrain?.();
  };
  const work = async (task: () => Promise<void>): Promise<void> => {
    try {
      if (!firstError) await task();
    } catch (error) {
      firstError ??= { error };
    } finally {
      running--;
      next();
    }
  };

  const add = (task: () => Promise<void>): Awaitable<void> => {
    if (queue.length() >= backlog) return new Promise<void>((resolve) => waiting.push(resolve)).then(() => add(task));
    queue.put(task);
    next();
  };

  return {
    add,
    async drain() {
      while (running > 0 || queue.length() > 0) {
        await new Promise<void>((resolve) => {
          wakeDrain = resolve;
        });
      }
      if (firstError) throw firstError.error;
    },
  };
}

/** First come, first taken. Made of two stacks, as shifting a long array is expensive. */
function createQueue<T>() {
  const last: T[] = [];
  let first: T[] = [];
  return {
    length: () => first.length + last.length,
    put: (item: T) => void last.push(item),
    take(): T | undefined {
      if (first.length === 0) first = last.splice(0).reverse();
      return first.pop();
    },
  };
}

/** Visits a tree of folders depth first, at most `limit` folders at once. `visit` returns the folders below. */
export async function forEachFolder<Folder>(
  root: Folder,
  limit: number,
  visit: (folder: Folder) => Promise<readonly Folder[]>,
): Promise<void> {
  const stack = [root];
  let active = 0;
  let failure: { readonly error: unknown } | null = null;
  await new Promise<void>((resolve) => {
    const advance = (): void => {
      if (active === 0 && (stack.length === 0 || failure)) resolve();
      while (active < limit && stack.length > 0 && !failure) {
        active++;
        visit(stack.pop() as Folder)
          .then((below) => {
            for (let i = below.length - 1; i >= 0; i--) stack.push(below[i] as Folder);
          })
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => {
            active--;
            advance();
          });
      }
    };
    advance();
  });
  if (failure) throw (failure as { readonly error: unknown }).error;
}

/** Runs what it is given when its turn has come. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `limit` at once. */
export function createLimit(limit: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place goes to the next in line.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
