import { closeSync, constants, openSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { nativeCalls } from './attach/native.ts';
import { decodeStatus, encodeStatus, type Status } from './status.ts';

/** The ioctl(2) of the mounted folder by which a process asks to be told how the mount ends, through a pipe of its own, whose
 *  descriptor it gives: _IOW('c', 2, int) of <linux/ioctl.h>. */
export const farewellCommand = 2 ** 30 + 4 * 2 ** 16 + 'c'.charCodeAt(0) * 2 ** 8 + 2;

// Bytes, PIPE_BUF of <linux/limits.h>: any pipe takes them, though nobody reads it yet.
const size = 4096;

/** Those who are to hear how the mount ends: once it is unmounted, nobody can ask it any more. */
export interface Farewell {
  /** `fd` is a descriptor of the process `pid`, of the same user. False where it is no pipe that can be written to. */
  add(pid: number, fd: number): boolean;
  /** What is left when it ends. */
  say(status: Status): void;
}

export function createFarewell(): Farewell {
  let pipes: number[] = [];

  /** False where nobody reads it any more: then it is closed. */
  function write(pipe: number, bytes: Uint8Array): boolean {
    try {
      return writeSync(pipe, bytes) > 0;
    } catch {
      closeSync(pipe);
      return false;
    }
  }

  return {
    add(pid, fd) {
      // Whoever cannot unmount what is in use may try again and again. A space does no harm before JSON.
      pipes = pipes.filter((pipe) => write(pipe, Buffer.from(' ')));
      const path = `/proc/${pid}/fd/${fd}`;
      try {
        if (!readlinkSync(path).startsWith('pipe:')) return false;
        pipes.push(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
        return true;
      } catch {
        return false;
      }
    },
    say(status) {
      for (const pipe of pipes) write(pipe, encodeStatus(status, size));
    },
  };
}

/** Waits for a mount to say how it ended. */
export interface Hearing {
  /** To be called once its process has ended; null where it has not said it. */
  heard(): Status | null;
}

/** Asks the mount at `mountPoint`. Null where it does not tell this user, or not by this transport. */
export async function hearEnd(mountPoint: string): Promise<Hearing | null> {
  const { pipe, ioctl } = nativeCalls();
  const [reading, writing] = pipe();
  try {
    await using folder = await open(mountPoint, constants.O_RDONLY | constants.O_DIRECTORY);
    ioctl(folder.fd, farewellCommand, new Uint8Array(Int32Array.of(writing).buffer));
  } catch {
    closeSync(reading);
    return null;
  } finally {
    closeSync(writing);
  }
  return {
    heard() {
      const said = readFileSync(reading);
      return said.length < size ? null : decodeStatus(said);
    },
  };
}
