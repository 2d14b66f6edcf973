import { blockSize } from './slots.ts';

// A fresh array of 64 KiB costs the system 16 page faults and is counted by V8, which collects garbage after each 64 MiB.
const mostFree = 256;
const free: Uint8Array[] = [];

/** Room for `length` bytes of a block, or more, with whatever is in it. */
export function takeFrame(length: number): Uint8Array {
  if (length > blockSize / 2) return free.pop() ?? new Uint8Array(Buffer.allocUnsafeSlow(blockSize).buffer);
  return new Uint8Array(Math.max(4096, 2 ** Math.ceil(Math.log2(length))));
}

/** Gives back what nobody looks at any more. */
export function giveFrame(frame: Uint8Array): void {
  if (frame.length === blockSize && free.length < mostFree) free.push(frame);
}
