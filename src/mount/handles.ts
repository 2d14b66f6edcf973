import { whenFailed } from '../core/awaitable.ts';
import { messageOf } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import type { Handle } from '../vfs/vfs.ts';

/** What is open, by the number that the kernel gives back with each request: `fh`. */
export interface HandleTable<T> {
  add(handle: T): number;
  /** Undefined for a number that is not open. */
  get(fh: number): T | undefined;
  /** Takes it out. */
  remove(fh: number): T | undefined;
  all(): readonly T[];
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
    all: () => [...open.values()],
    clear() {
      const all = [...open.values()];
      open.clear();
      return all;
    },
  };
}

/** The kernel drops the last words about a file when it is unmounted by force. */
export async function closeLeft(files: HandleTable<Handle>, report: Report): Promise<void> {
  for (const handle of files.clear()) {
    for (const step of [handle.flush, handle.close]) {
      await whenFailed(
        () => step.call(handle),
        (error) => report.error('', messageOf(error)),
      );
    }
  }
}
