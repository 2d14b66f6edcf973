import type { Bytes, Source } from './bytes.ts';
import { now } from './now.ts';
import { pause } from './pause.ts';
import { ratesAt, type Timetable } from './timetable.ts';

/** A token bucket: holds bytes back so that no more of them pass than a rate allows, whichever file they belong to. */
export interface Pace {
  /** How many bytes should pass in one go, so that low rates flow instead of coming in gushes. */
  slice(): number;
  /** Takes the next place for `length` bytes, and tells in how many milliseconds they may pass. */
  reserve(length: number): number;
}

/** Milliseconds until one more request may begin, behind all that asked before. */
export type Turns = () => number;

/** At most `rate` requests a second, of which `burst` may begin at once; null for a rate of 0 or less. `clock` in
 *  milliseconds. */
export function createTurns(rate: number, burst: number, clock = now): Turns | null {
  if (rate <= 0) return null;
  const step = 1000 / rate;
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const time = clock();
    last = Math.max(last, time - Math.max(1, burst) * step) + step;
    return Math.max(0, last - time);
  };
}

/** What the flags `--bwlimit` and `--bwlimit-file` ask for. */
export interface Bandwidth {
  /** What is sent to servers, and what comes from them; in all. */
  readonly up: Pace | null;
  readonly down: Pace | null;
  /** What is read from this machine's disks, and what is written to them. */
  readonly read: Pace | null;
  readonly write: Pace | null;
  /** A pace for one file's bytes; null without a limit. */
  readonly ofFile: (() => Pace) | null;
}

/** Unused rate that may be made up for, in milliseconds: a timer that comes late costs nothing. */
const catchUp = 1_000;
const smallestSlice = 1024;
const largestSlice = 1 << 20;

/** `rate` is asked each time, in bytes a second, and 0 or less is no limit; `clock` in milliseconds. */
export function createPace(rate: () => number, clock = now): Pace {
  // When all that was reserved will have passed.
  let clear = clock();
  return {
    slice() {
      const current = rate();
      return current <= 0 ? largestSlice : Math.min(largestSlice, Math.max(smallestSlice, Math.floor(current / 16)));
    },
    reserve(length) {
      const current = rate();
      if (current <= 0) return 0;
      const time = clock();
      clear = Math.max(clear, time - catchUp) + (length / current) * 1000;
      return Math.max(0, clear - time);
    },
  };
}

/** Null without any limit, so that none costs anything. As in rclone, a disk is limited where both directions are, by the
 *  larger of the two rates. */
export function createBandwidth(all: Timetable | null, file: Timetable | null): Bandwidth | null {
  if (!all && !file) return null;
  const disk = (timetable: Timetable) => createPace(() => diskRate(timetable));
  return {
    up: all && createPace(() => ratesAt(all, new Date()).up),
    down: all && createPace(() => ratesAt(all, new Date()).down),
    read: all && disk(all),
    write: all && disk(all),
    ofFile: file && (() => disk(file)),
  };
}

function diskRate(timetable: Timetable): number {
  const { up, down } = ratesAt(timetable, new Date());
  return up > 0 && down > 0 ? Math.max(up, down) : 0;
}

/** The same bytes in slices, each of which waits for its turn with each of the paces. A slice is an array of its own. */
export async function* paced(bytes: Bytes, paces: readonly Pace[], signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    for (let start = 0; start < piece.length; ) {
      const end = Math.min(piece.length, start + Math.min(...paces.map((pace) => pace.slice())));
      const delay = Math.max(...paces.map((pace) => pace.reserve(end - start)));
      if (delay > 0) await pause(delay, signal);
      yield new Uint8Array(piece.subarray(start, end));
      start = end;
    }
  }
}

/** A source whose bytes come at these paces, however often it is opened, and from wherever. */
export function pacedSource(source: Source, paces: readonly Pace[], signal?: AbortSignal): Source {
  return { ...source, open: (range) => paced(source.open(range), paces, signal) };
}
