/** Things that wait, of which the first or the last is taken. */
export interface WaitingLine<T> {
  readonly length: number;
  add(item: T): void;
  takeFirst(): T | undefined;
  takeLast(): T | undefined;
  /** Says that nothing is taken before all are there, so that they are sorted once; to be undone before taking. */
  hold(isHeld: boolean): void;
}

/** In the order of `compare`; equal ones in the order in which they came. */
export function createWaitingLine<T>(compare: (a: T, b: T) => number): WaitingLine<T> {
  let items: T[] = [];
  let first = 0;
  let isHeld = false;
  return {
    get length() {
      return items.length - first;
    },
    add(item) {
      if (isHeld) items.push(item);
      else items.splice(placeOf(item), 0, item);
    },
    takeFirst() {
      if (first === items.length) return undefined;
      const item = items[first++];
      // What was taken goes in large pieces: moving all others for each one would cost a long line dearly.
      if (first > items.length / 2) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    takeLast: () => (first === items.length ? undefined : items.pop()),
    hold(held) {
      isHeld = held;
      if (!held) items.sort(compare);
    },
  };

  function placeOf(item: T): number {
    let low = first;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(items[middle] as T, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
