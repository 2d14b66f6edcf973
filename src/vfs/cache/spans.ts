import { blockSize } from './slots.ts';

/** A part of a block. */
export interface Span {
  readonly index: number;
  /** Within the block. */
  readonly from: number;
  readonly to: number;
}

/** The parts of blocks that lie in [start, end). */
export function spans(start: number, end: number): Span[] {
  const parts: Span[] = [];
  for (let index = Math.floor(start / blockSize); index * blockSize < end; index++) {
    const base = index * blockSize;
    parts.push({ index, from: Math.max(start - base, 0), to: Math.min(end - base, blockSize) });
  }
  return parts;
}
