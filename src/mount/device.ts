import { write as writeCallback, writeSync, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import { concat } from '../core/bytes.ts';
import { Failure, messageOf } from '../core/failure.ts';
import { nativeCalls } from './attach/native.ts';

/** The open /dev/fuse that one mount speaks through. */
export interface Device {
  /** Reads the next request and returns its length: 0 where none is waiting, null once it has been unmounted. */
  read(buffer: Uint8Array): number | null;
  /** Calls `listener` when there may be something to read, or it has been unmounted; the process lives on for that, until
   *  the returned function is called. */
  onReadable(listener: () => void): () => void;
  /** Answers a request. False when nobody waits for it any more. */
  reply(parts: readonly Uint8Array[]): boolean;
  /** Tells the kernel something unasked. The kernel may wait for a request that is being worked on, so that this must not
   *  hold up the event loop. */
  notify(parts: readonly Uint8Array[]): Promise<void>;
}

const write = promisify(writeCallback);

// A request was interrupted before it was read; a signal came.
const passing = new Set(['ENOENT', 'EINTR']);
// The mount is gone: unmounted, or aborted through /sys/fs/fuse/connections.
const ended = new Set(['ENODEV', 'ENOTCONN', 'ECONNABORTED']);

// The longest that setInterval takes.
const never = 2 ** 31 - 1;

export function openDevice(fd: number): Device {
  const native = nativeCalls();
  return {
    read(buffer) {
      for (;;) {
        try {
          return native.readNow(fd, buffer);
        } catch (error) {
          const code = codeOf(error);
          if (ended.has(code)) return null;
          if (!passing.has(code))
            throw new Failure('fatal', `cannot read /dev/fuse: ${messageOf(error)}`, { cause: error });
        }
      }
    },
    onReadable(listener) {
      process.on('SIGIO', listener);
      // Nobody waits for a signal as far as Node knows.
      const living = setInterval(() => {}, never);
      native.signalReadable(fd, true);
      return () => {
        clearInterval(living);
        // First: a signal that nobody listens for would end the process.
        native.signalReadable(fd, false);
        process.off('SIGIO', listener);
      };
    },
    reply(parts) {
      try {
        const [head] = parts;
        if (head && parts.length === 1) writeSync(fd, head);
        else writevSync(fd, parts);
        return true;
      } catch (error) {
        const code = codeOf(error);
        if (code === 'ENOENT' || ended.has(code)) return false;
        throw new Failure('fatal', `cannot write /dev/fuse: ${messageOf(error)}`, { cause: error });
      }
    },
    async notify(parts) {
      try {
        await write(fd, concat(parts));
      } catch (error) {
        // ENOENT: the kernel remembers nothing of it.
        if (codeOf(error) !== 'ENOENT' && !ended.has(codeOf(error))) throw error;
      }
    },
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
