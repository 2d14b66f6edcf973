/** A value that is there already, or comes. */
export type Awaitable<T> = T | Promise<T>;

/** What `next` makes of the value: at once where it is there, which spares the way through the queue of promises. */
export function whenThere<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
