import { type Bytes, noBytes } from '../../core/bytes.ts';
import { createSignal } from '../signal.ts';

/** A reading of a file that goes on where it was left. */
export interface Stream {
  /** Where what has been asked for so far ends. */
  readonly end: number;
  /** When it was last used, as `performance.now` counts. */
  readonly usedAt: number;
  readonly isBusy: boolean;
  /** The next `length` bytes, after all that was asked for before; fewer at the end of the file.
   *  A failure of one fails those after it. */
  take(length: number): Promise<Uint8Array>;
  /** Resolves when more is asked for. */
  moved(): Promise<void>;
  close(): Promise<void>;
}

export function createStream(bytes: Bytes, start: number): Stream {
  const iterator = bytes[Symbol.asyncIterator]();
  let rest: Uint8Array = noBytes;
  let ahead: Promise<IteratorResult<Uint8Array>> | undefined;
  let taken = 0;
  let end = start;
  let usedAt = performance.now();
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  let onMove = createSignal();

  function nextAhead(): Promise<IteratorResult<Uint8Array>> {
    const next = iterator.next();
    // It may fail before anybody waits for it.
    next.catch(() => {});
    return next;
  }

  async function gather(length: number): Promise<Uint8Array> {
    const out = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    let filled = 0;
    while (filled < length) {
      if (rest.length === 0) {
        const { done, value } = await (ahead ?? iterator.next());
        ahead = undefined;
        if (done) break;
        rest = value;
        // Whoever has read on once will go on: the next piece is made while this one is read.
        if (taken > 0) ahead = nextAhead();
      }
      const part = rest.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
    taken++;
    return out.subarray(0, filled);
  }

  return {
    get end() {
      return end;
    },
    get usedAt() {
      return usedAt;
    },
    get isBusy() {
      return waiting > 0;
    },
    take(length) {
      const before = last;
      end += length;
      waiting++;
      const mine = (async () => {
        try {
          await before;
          return await gather(length);
        } finally {
          waiting--;
          usedAt = performance.now();
        }
      })();
      mine.catch(() => {});
      last = mine;
      onMove.resolve();
      onMove = createSignal();
      return mine;
    },
    moved: () => onMove.promise,
    async close() {
      await last.catch(() => {});
      await iterator.return?.();
    },
  };
}
