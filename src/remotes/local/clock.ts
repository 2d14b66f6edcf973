import { createRequire } from 'node:module';
import type { Nanoseconds } from '../../core/entry.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { cutTo, nodePrecision } from './times.ts';

/** Sets modification times. Node passes them on in steps of a microsecond (docs/decisions/0012); the C library itself, by
 *  way of koffi, to the nanosecond, as rclone does. */
export interface Clock {
  /** The smallest step that it can set. */
  readonly precision: Nanoseconds;
  /** Null where only node's own calls are to be had. */
  readonly calls: NativeCalls | null;
}

export interface NativeCalls {
  /** Throw an error like node's own. */
  futimens(fd: number, time: Nanoseconds): void;
  utimens(path: string, time: Nanoseconds, followsLinks: boolean): void;
}

let loaded: Clock | undefined;

/** Loaded when the first time is set or compared: it takes a few milliseconds. */
export function systemClock(): Clock {
  loaded ??= load();
  return loaded;
}

/** What is left of a time when it has been set. */
export function settable(time: Nanoseconds): Nanoseconds {
  return cutTo(systemClock().precision, time);
}

function load(): Clock {
  try {
    return { precision: 1n, calls: nativeCalls() };
  } catch {
    // No build of koffi for this platform.
    return { precision: nodePrecision, calls: null };
  }
}

interface Koffi {
  load(path: null): { func(declaration: string): (...args: readonly unknown[]) => number };
  errno(): number;
  os: { readonly errno: Readonly<Record<string, number>> };
}

// AT_FDCWD and AT_SYMLINK_NOFOLLOW of <fcntl.h>.
const constantsOf: Readonly<Record<string, { readonly here: number; readonly noFollow: number }>> = {
  linux: { here: -100, noFollow: 0x100 },
  darwin: { here: -2, noFollow: 0x20 },
};

function nativeCalls(): NativeCalls {
  const koffi: Koffi = createRequire(import.meta.url)('koffi');
  const constants = constantsOf[process.platform];
  if (!constants || !/64$/.test(process.arch)) throw new Error('struct timespec is not known here');
  const library = koffi.load(null);
  const futimens = library.func('int futimens(int fd, const void *times)');
  const utimensat = library.func('int utimensat(int dirfd, const void *path, const void *times, int flags)');
  const check = (result: number, syscall: string): void => {
    if (result !== 0) throw systemError(koffi, syscall);
  };
  return {
    futimens: (fd, time) => check(futimens(fd, timespecs(time)), 'futimens'),
    utimens(path, time, followsLinks) {
      const name = Buffer.concat([nameToBytes(path), new Uint8Array(1)]);
      const flags = followsLinks ? 0 : constants.noFollow;
      check(utimensat(constants.here, name, timespecs(time), flags), 'utimensat');
    },
  };
}

const second = 1_000_000_000n;

/** Two `struct timespec`, access and modification: seconds and nanoseconds of 64 bits each. */
function timespecs(time: Nanoseconds): BigInt64Array {
  const nanoseconds = ((time % second) + second) % second;
  const seconds = (time - nanoseconds) / second;
  return BigInt64Array.of(seconds, nanoseconds, seconds, nanoseconds);
}

function systemError(koffi: Koffi, syscall: string): Error {
  const number = koffi.errno();
  const code = Object.entries(koffi.os.errno).find(([, value]) => value === number)?.[0] ?? 'EIO';
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}
