import type { Bytes } from '../../core/bytes.ts';
import { createSignal } from '../signal.ts';
import { blockSize } from './slots.ts';

/** A part of a file that is on its way, block by block. */
export interface Download {
  /** The next block to arrive. */
  readonly next: number;
  /** The block before which it ends. */
  readonly end: number;
  readonly isOver: boolean;
  /** Whether `stop` was called. */
  readonly isStopped: boolean;
  /** Whether it waits to be asked for more. */
  readonly isPaused: boolean;
  readonly usedAt: number;
  /** Lets it run on until block `limit`. */
  allow(limit: number): void;
  /** Resolves with each block that arrives, and when it is over or stopped; throws what it failed with. */
  moved(): Promise<void>;
  stop(): void;
}

/** Where the blocks go. */
export interface Sink {
  /** The first block from `first` on, before `end`, that is still missing; null where none. */
  missing(first: number, end: number): number | null;
  /** `bytes` are used again. */
  fill(index: number, bytes: Uint8Array): void;
  /** Resolves when there is room for more. */
  relieveFilled(): Promise<void>;
}

/** `bytes` begin at block `first` and end with block `end` or with the file. It goes on by itself up to `limit`, ends at
 *  a block that is not missing, and with a failure for whoever waits. */
export function startDownload(bytes: Bytes, first: number, end: number, limit: number, sink: Sink): Download {
  let next = first;
  let allowed = limit;
  let isOver = false;
  let isStopped = false;
  let isPaused = false;
  let usedAt = performance.now();
  let wake = (): void => {};
  let progress = createSignal();
  const gathered = new Uint8Array(blockSize);
  let held = 0;

  function arrive(block: Uint8Array): void {
    sink.fill(next, block);
    next++;
  }

  /** Cuts a piece into blocks. */
  function take(piece: Uint8Array): void {
    let offset = 0;
    while (offset < piece.length) {
      if (held === 0 && piece.length - offset >= blockSize) {
        arrive(piece.subarray(offset, offset + blockSize));
        offset += blockSize;
        continue;
      }
      const part = piece.subarray(offset, offset + blockSize - held);
      gathered.set(part, held);
      held += part.length;
      offset += part.length;
      if (held === blockSize) {
        arrive(gathered);
        held = 0;
      }
    }
  }

  async function pause(): Promise<void> {
    while (next >= allowed && !isStopped) {
      isPaused = true;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    isPaused = false;
  }

  async function run(): Promise<void> {
    for await (const piece of bytes) {
      if (isStopped) return;
      const from = next;
      take(piece);
      if (next === from) continue;
      progress.resolve();
      progress = createSignal();
      if (held === 0 && sink.missing(next, next + 1) === null) return;
      await sink.relieveFilled();
      await pause();
      if (isStopped) return;
    }
    if (held > 0) arrive(gathered.subarray(0, held));
  }

  run().then(
    () => {
      isOver = true;
      progress.resolve();
    },
    (error: unknown) => {
      isOver = true;
      progress.reject(error);
    },
  );

  return {
    get next() {
      return next;
    },
    end,
    get isOver() {
      return isOver;
    },
    get isStopped() {
      return isStopped;
    },
    get isPaused() {
      return isPaused;
    },
    get usedAt() {
      return usedAt;
    },
    allow(to) {
      usedAt = performance.now();
      if (to <= allowed) return;
      allowed = to;
      wake();
    },
    moved: () => progress.promise,
    stop() {
      isStopped = true;
      wake();
      progress.resolve();
    },
  };
}
