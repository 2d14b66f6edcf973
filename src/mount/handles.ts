/** What is open, by the number that the kernel gives back with each request: `fh`. */
export interface HandleTable<T> {
  add(handle: T): number;
  /** Undefined for a number that is not open. */
  get(fh: number): T | undefined;
  /** Takes it out. */
  remove(fh: number): T | undefined;
  /** Takes all out. */
  clear(): readonly T[];
}

export function createHandleTable<T>(): HandleTable<T> {
  const open = new Map<number, T>();
  let last = 0;
  return {
    add(handle) {
      open.set(++last, handle);
      return last;
    },
    get: (fh) => open.get(fh),
    remove(fh) {
      const handle = open.get(fh);
      open.delete(fh);
      return handle;
    },
    clear() {
      const all = [...open.values()];
      open.clear();
      return all;
    },
  };
}
