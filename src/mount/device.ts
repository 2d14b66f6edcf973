import { write as writeCallback, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import { concat } from '../core/bytes.ts';
import { codeOf, Failure, messageOf } from '../core/failure.ts';
import { longestDelay } from '../core/timer.ts';
import { nativeCalls } from './attach/native.ts';

/** The open /dev/fuse that one mount speaks through. */
export interface Device {
  /** Reads the next request and returns its length: 0 where none is waiting, null once it has been unmounted. */
  read(buffer: Uint8Array): number | null;
  /** Calls `listener` when there may be something to read, or it has been unmounted; the process lives on for that. */
  onReadable(listener: () => void): Readable;
  /** Answers a request. False when nobody waits for it any more. */
  reply(parts: readonly Uint8Array[]): boolean;
  /** Tells the kernel something unasked. The kernel may wait for a request that is being worked on, so that this must not
   *  hold up the event loop. */
  notify(parts: readonly Uint8Array[]): Promise<void>;
}

/** How somebody hears of what there is to read. */
export interface Readable {
  /** Whether the listener is called for what comes from now on. */
  tell(isOn: boolean): void;
  /** Stands still for `milliseconds` at most, until there is something to read; whether there is. Nothing else runs
   *  meanwhile. */
  wait(milliseconds: number): boolean;
  stop(): void;
}

const write = promisify(writeCallback);

// A request was interrupted before it was read; a signal came.
const passing = new Set(['ENOENT', 'EINTR']);
// The mount is gone: unmounted, or aborted through /sys/fs/fuse/connections.
const ended = new Set(['ENODEV', 'ENOTCONN', 'ECONNABORTED']);

// Bytes up to which to put a reply together costs less than to have its parts written one by one.
const smallReply = 4096;

export function openDevice(fd: number): Device {
  const native = nativeCalls();
  const small = new Uint8Array(smallReply);
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
      const living = setInterval(() => {}, longestDelay);
      native.signalFirstThread(fd);
      native.signalReadable(fd, true);
      return {
        tell: (isOn) => native.signalReadable(fd, isOn),
        wait: (milliseconds) => native.waitReadable(fd, milliseconds),
        stop() {
          clearInterval(living);
          // First: a signal that nobody listens for would end the process.
          native.signalReadable(fd, false);
          process.off('SIGIO', listener);
        },
      };
    },
    reply(parts) {
      try {
        const length = joined(parts, small);
        if (length === null) writevSync(fd, parts);
        else native.writeNow(fd, small, length);
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

/** Puts the parts one behind the other into `out`; how many bytes that are, null where they are too many. */
function joined(parts: readonly Uint8Array[], out: Uint8Array): number | null {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > out.length) return null;
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return length;
}
