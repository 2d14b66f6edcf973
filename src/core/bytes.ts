import { type Awaitable, whenFailed, whenThere } from './awaitable.ts';
import { Failure } from './failure.ts';

/** A stream of bytes in pieces of about 1 MiB, none of them empty. A piece stays as it is while the next one is made, so
 *  that it can be written meanwhile; its producer may reuse it once the one after that is asked for. Whoever keeps it
 *  longer must copy it, by `new Uint8Array(piece)`: the slice() of a Buffer shares its memory. */
export interface Bytes extends AsyncIterable<Uint8Array> {
  /** All bytes at once, in an array that is the caller's own: for a small file, streaming costs more than the bytes
   *  themselves. Null where they are too many for one piece, or do not come as a whole: they must be iterated then. */
  readonly whole?: (() => Awaitable<Uint8Array | null>) | undefined;
}

/** Bytes that come in pieces, and all at once where there is `whole`. */
export function streamOrWhole(pieces: () => AsyncIterator<Uint8Array>, whole: Bytes['whole']): Bytes {
  return new StreamOrWhole(pieces, whole);
}

// A class, since V8 makes a literal with a computed key by a call of its runtime, which costs a small file as much as a
// system call.
class StreamOrWhole implements Bytes {
  readonly whole: Bytes['whole'];
  readonly #pieces: () => AsyncIterator<Uint8Array>;

  constructor(pieces: () => AsyncIterator<Uint8Array>, whole: Bytes['whole']) {
    this.#pieces = pieces;
    this.whole = whole;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#pieces();
  }
}

/** A half-open range of byte offsets; without `end` it runs to the end of the file. */
export interface Range {
  readonly start: number;
  readonly end?: number;
}

/** Bytes that can be asked for again, so that a request is retried and segments are sent side by side. */
export interface Source {
  /** Bytes in all; null when only the end of the stream will tell (a pipe). */
  readonly size: number | null;
  /** The most bytes that a stream of unknown size can have, where that is known. */
  readonly atMost?: number | undefined;
  /** False for a pipe: `open` works once, without a range. */
  readonly replayable: boolean;
  /** The MD5 of all of them, lower-case hex, which may take a reading of the whole; null, or no method, where nobody can tell. */
  readonly md5?: (() => Promise<string | null>) | undefined;
  open(range?: Range): Bytes;
}

/** The usual size of a piece of a stream, in bytes. */
export const pieceSize = 1 << 20;

export const noBytes = new Uint8Array(0);

export function sourceOf(data: Uint8Array): Source {
  return {
    size: data.length,
    replayable: true,
    async *open(range = { start: 0 }) {
      const part = data.subarray(range.start, range.end ?? data.length);
      if (part.length > 0) yield part;
    },
  };
}

/** Wraps a stream that can be read only once. */
export function onceSource(bytes: Bytes): Source {
  let isOpened = false;
  return {
    size: null,
    replayable: false,
    open(range) {
      if (isOpened || (range && range.start > 0)) {
        throw new Failure('unsupported', 'a pipe can be read only once, from its start');
      }
      isOpened = true;
      return bytes;
    },
  };
}

/** The bytes of `start`, and behind them those of a source that can be opened again. */
export function joinSources(start: Uint8Array, rest: Source): Source {
  return {
    size: rest.size === null ? null : start.length + rest.size,
    replayable: rest.replayable,
    async *open({ start: from, end = Number.POSITIVE_INFINITY } = { start: 0 }) {
      if (from < start.length) yield start.subarray(from, Math.min(end, start.length));
      if (end <= start.length) return;
      const restFrom = Math.max(0, from - start.length);
      yield* rest.open(
        end === Number.POSITIVE_INFINITY ? { start: restFrom } : { start: restFrom, end: end - start.length },
      );
    },
  };
}

/** The same stream, each piece of which is shown to `onPiece`, and each failure replaced by what `failureOf` makes of it.
 *  Not a generator, since each step of one keeps a small file waiting for three turns of the queue of promises. */
export function watched(
  bytes: Bytes,
  { onPiece, failureOf }: { onPiece?(piece: Uint8Array): void; failureOf?(error: unknown): unknown },
): Bytes {
  const { whole } = bytes;
  const show = (step: IteratorResult<Uint8Array>): IteratorResult<Uint8Array> => {
    if (!step.done) onPiece?.(step.value);
    return step;
  };
  const showWhole = (all: Uint8Array | null): Uint8Array | null => {
    if (all && all.length > 0) onPiece?.(all);
    return all;
  };
  const fail = (error: unknown): never => {
    throw failureOf ? failureOf(error) : error;
  };
  const pieces = (): AsyncIterator<Uint8Array> => {
    const iterator = bytes[Symbol.asyncIterator]();
    return {
      next: () => iterator.next().then(show, fail),
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    };
  };
  return streamOrWhole(pieces, whole && (() => whenThere(whenFailed(whole, fail), showWhole)));
}

/** Reads a stream to its end into one array of its own. */
export async function collect(bytes: Bytes): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(new Uint8Array(piece));
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : concat(pieces);
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** To read and write numbers in the bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The length of `range` within a file of `size` bytes, clipped to it. */
export function rangeLength(range: Range | undefined, size: number): number {
  const start = Math.min(range?.start ?? 0, size);
  return Math.max(0, Math.min(range?.end ?? size, size) - start);
}
