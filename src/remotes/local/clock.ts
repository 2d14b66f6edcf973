import { loadLibrary, pathText } from '../../core/c-library.ts';
import type { Nanoseconds } from '../../core/entry.ts';
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
  futimens(fd: number, time: Nanoseconds, accessed: Nanoseconds): void;
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

// AT_FDCWD and AT_SYMLINK_NOFOLLOW of <fcntl.h>.
const constantsOf: Readonly<Record<string, { readonly here: number; readonly noFollow: number }>> = {
  linux: { here: -100, noFollow: 0x100 },
  darwin: { here: -2, noFollow: 0x20 },
};

function nativeCalls(): NativeCalls {
  const constants = constantsOf[process.platform];
  if (!constants || !/64$/.test(process.arch)) throw new Error('struct timespec is not known here');
  const library = loadLibrary();
  const futimens = library.func('int futimens(int fd, const void *times)');
  const utimensat = library.func('int utimensat(int dirfd, const void *path, const void *times, int flags)');
  const check = (result: number, syscall: string): void => {
    if (result !== 0) throw library.error(syscall);
  };
  return {
    futimens: (fd, time, accessed) => check(futimens(fd, timespecs(time, accessed)), 'futimens'),
    utimens(path, time, followsLinks) {
      const flags = followsLinks ? 0 : constants.noFollow;
      check(utimensat(constants.here, pathText(path), timespecs(time), flags), 'utimensat');
    },
  };
}

const second = 1_000_000_000n;

/** Two `struct timespec`, access and modification: seconds and nanoseconds of 64 bits each. */
function timespecs(time: Nanoseconds, accessed = time): BigInt64Array {
  const nanoseconds = ((time % second) + second) % second;
  const seconds = (time - nanoseconds) / second;
  const both = BigInt64Array.of(seconds, nanoseconds, seconds, nanoseconds);
  if (accessed !== time) both.set(timespecs(accessed).subarray(0, 2));
  return both;
}
