import { read as readCallback, write as writeCallback, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import { concat } from '../core/bytes.ts';
import { Failure, messageOf } from '../core/failure.ts';

/** The open /dev/fuse that one mount speaks through. */
export interface Device {
  /** Waits for the next request and returns its length; null once it has been unmounted. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Answers a request. False when nobody waits for it any more. */
  reply(parts: readonly Uint8Array[]): boolean;
  /** Tells the kernel something unasked. The kernel may wait for a request that is being worked on, so that this must not
   *  hold up the event loop. */
  notify(parts: readonly Uint8Array[]): Promise<void>;
}

const read = promisify(readCallback);
const write = promisify(writeCallback);

// A request was interrupted before it was read; a signal came; nothing was there after all.
const passing = new Set(['ENOENT', 'EINTR', 'EAGAIN']);
// The mount is gone: unmounted, or aborted through /sys/fs/fuse/connections.
const ended = new Set(['ENODEV', 'ENOTCONN', 'ECONNABORTED']);

export function openDevice(fd: number): Device {
  return {
    async read(buffer) {
      for (;;) {
        try {
          return (await read(fd, buffer, 0, buffer.length, null)).bytesRead;
        } catch (error) {
          const code = codeOf(error);
          if (ended.has(code)) return null;
          if (!passing.has(code))
            throw new Failure('fatal', `cannot read /dev/fuse: ${messageOf(error)}`, { cause: error });
        }
      }
    },
    reply(parts) {
      try {
        writevSync(fd, parts);
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
