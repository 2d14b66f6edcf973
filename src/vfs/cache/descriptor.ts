import { type Awaitable, whenEnded, whenFailed, whenThere } from '../../core/awaitable.ts';
import { createIdleSet } from '../idle-set.ts';
import { close } from './disk.ts';

/** The descriptor of one cache file: opened when it is needed, and closed again while nobody uses it where many others are
 *  open, as the system gives us so many and no more. */
export interface Descriptor {
  /** The descriptor is there until what `work` returns is. */
  use<T>(work: (fd: number) => Awaitable<T>): Awaitable<T>;
  /** Once it is open, it stays so until `close`: the file could not be opened again. */
  stay(): void;
  close(): Awaitable<void>;
}

// Few enough for a process that may have 256 descriptors, as is usual on macOS.
const idle = createIdleSet<Descriptor>(96);

export function createDescriptor(open: () => Awaitable<number>): Descriptor {
  let opening: Awaitable<number> | null = null;
  let users = 0;
  let stays = false;

  function opened(): Awaitable<number> {
    opening ??= whenFailed(open, (error) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  function leave(): void {
    users--;
    if (users === 0 && opening !== null && !stays) idle.add(descriptor, closeIdle);
  }

  /** What that fails with does not concern whoever uses another file. */
  function closeIdle(): void {
    void whenFailed(descriptor.close, () => {});
  }

  const descriptor: Descriptor = {
    use(work) {
      users++;
      idle.delete(descriptor);
      return whenEnded(() => whenThere(opened(), work), leave);
    },
    stay() {
      stays = true;
      idle.delete(descriptor);
    },
    close() {
      idle.delete(descriptor);
      const closing = opening;
      opening = null;
      if (closing === null) return undefined;
      // What could not be opened need not be closed.
      return closing instanceof Promise ? closing.then(close, () => {}) : close(closing);
    },
  };
  return descriptor;
}
