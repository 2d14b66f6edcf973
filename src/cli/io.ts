import { fstatSync, write as writeCallback } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { codeOf, Failure } from '../core/failure.ts';
import { nameToBytes } from '../core/name-bytes.ts';

/** The process's surroundings, passed in so that a run can be made anywhere. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds, monotonic. */
  now(): number;
  date(): Date;
}

/** A stream that a user reads. */
export interface Output {
  readonly isTerminal: boolean;
  /** Resolves when all is written. Throws Failure('cancelled') when the reader has gone (`| head`). */
  write(data: string | Uint8Array): Promise<void>;
}

const write = promisify(writeCallback);

/** Writes straight to a descriptor: process.stdout costs several milliseconds to load and holds up the event loop on pipes. */
export function descriptorOutput(fd: number): Output {
  let last = Promise.resolve();
  let isKnownTerminal: boolean | undefined;
  return {
    get isTerminal() {
      isKnownTerminal ??= isTerminal(fd);
      return isKnownTerminal;
    },
    write(data) {
      const bytes = typeof data === 'string' ? nameToBytes(data) : data;
      const done = last.then(() => writeAll(fd, bytes));
      last = done.catch(() => {});
      return done;
    },
  };
}

// Loading what node's isatty needs takes several milliseconds: pipes, files and /dev/null (whose major number is that of
// the memory devices, 1) are told apart before.
function isTerminal(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isCharacterDevice() && stats.rdev >> 8 !== 1 && isatty(fd);
}

async function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += (await write(fd, bytes, offset)).bytesWritten;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EPIPE') throw new Failure('cancelled', 'the reader of the output has gone', { cause: error });
      if (code !== 'EAGAIN') throw new Failure('fatal', `cannot write the output: ${code}`, { cause: error });
      // A pipe that another process made non-blocking is full.
      await sleep(2);
    }
  }
}
