/** A value that is there already, or comes. */
export type Awaitable<T> = T | Promise<T>;

/** What `next` makes of the value: at once where that is there already, which saves turns of the queue of promises. */
export function whenThere<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Does `work` with one item after the other; stops where it throws. */
export function inTurn<T>(items: readonly T[], work: (item: T) => Awaitable<void>, first = 0): Awaitable<void> {
  for (let index = first; index < items.length; index++) {
    const done = work(items[index] as T);
    if (done instanceof Promise) return done.then(() => inTurn(items, work, index + 1));
  }
}

/** What `work` gives, or what `instead` makes of its failure: try and catch. */
export function whenFailed<T>(work: () => Awaitable<T>, instead: (error: unknown) => Awaitable<T>): Awaitable<T> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(instead) : value;
  } catch (error) {
    return instead(error);
  }
}

/** What `work` gives, once `last` is done, which it is after a failure too: try and finally. */
export function whenEnded<T>(work: () => Awaitable<T>, last: () => Awaitable<void>): Awaitable<T> {
  let value: Awaitable<T>;
  try {
    value = work();
  } catch (error) {
    return whenThere(last(), () => {
      throw error;
    });
  }
  return value instanceof Promise ? value.finally(last) : whenThere(last(), () => value);
}
