/** What is open although nobody uses it, so that the next use is quick. */
export interface IdleSet<T extends object> {
  /** Takes note that the item is idle from now on. Of too many, the one that is idle for longest is taken out and closed. */
  add(item: T, close: () => void): void;
  /** It is in use, or closed. */
  delete(item: T): void;
}

/** At most `most` stay open: a program may have any number of files open. */
export function createIdleSet<T extends object>(most: number): IdleSet<T> {
  const closers = new Map<T, () => void>();
  return {
    add(item, close) {
      closers.delete(item);
      closers.set(item, close);
      if (closers.size <= most) return;
      for (const [eldest, closeEldest] of closers) {
        closers.delete(eldest);
        closeEldest();
        return;
      }
    },
    delete: (item) => void closers.delete(item),
  };
}
