import { blockSize } from './slots.ts';

// A fresh array of 64 KiB costs the system 16 page faults and is counted by V8, which collects garbage after each 64 MiB.

/** Arrays of one size that are used again, with whatever is in them. */
export interface Pool {
  take(): Uint8Array;
  /** Gives back one that nobody looks at any more; others than the pool's size are left alone. */
  give(array: Uint8Array): void;
}

/** At most `mostFree` are kept for later. */
export function createPool(size: number, mostFree: number): Pool {
  const free: Uint8Array[] = [];
  return {
    take: () => free.pop() ?? new Uint8Array(Buffer.allocUnsafeSlow(size).buffer),
    give(array) {
      if (array.length === size && free.length < mostFree) free.push(array);
    },
  };
}

const frames = createPool(blockSize, 256);

/** Room for `length` bytes of a block, or more. */
export function takeFrame(length: number): Uint8Array {
  return length > blockSize / 2 ? frames.take() : new Uint8Array(Math.max(4096, 2 ** Math.ceil(Math.log2(length))));
}

export const giveFrame = frames.give;
