import { noBytes } from '../../core/bytes.ts';
import { takeFrame } from './frames.ts';
import { blockSize } from './slots.ts';

/** A block of an open file in memory, in plain. */
export interface Block {
  readonly index: number;
  bytes: Uint8Array;
  /** Of `bytes`, what counts; behind it the block is zeros. */
  length: number;
  /** Counts changes; `saved` is the change that the cache file has. */
  change: number;
  saved: number;
  /** May go without having been saved: the remote has it. */
  isSpare: boolean;
}

/** Bounds the blocks that all files together keep in memory. */
export interface Memory {
  /** Takes note that the block is in use. The one used longest ago goes when there are too many: `drop` is called. */
  use(block: Block, drop: (block: Block) => void): void;
  forget(block: Block): void;
}

// Whoever has just waited for a block finds it there, whatever else fills the memory: 4 MiB.
const mostRecent = 64;

export function createMemory(mostBytes: number): Memory {
  const mostBlocks = Math.max(2 * mostRecent, Math.floor(mostBytes / blockSize));
  // In the order of their last use.
  const blocks = new Map<Block, (block: Block) => void>();

  function makeRoom(): void {
    let older = blocks.size - mostRecent;
    for (const [block, drop] of blocks) {
      if (blocks.size <= mostBlocks || older-- <= 0) return;
      if (!isSaved(block) && !block.isSpare) continue;
      blocks.delete(block);
      drop(block);
    }
  }

  return {
    use(block, drop) {
      blocks.delete(block);
      blocks.set(block, drop);
      if (blocks.size > mostBlocks) makeRoom();
    },
    forget: (block) => void blocks.delete(block),
  };
}

export function isSaved(block: Block): boolean {
  return block.saved === block.change;
}

/** A block of a copy of `bytes`; it counts as saved. */
export function blockOf(index: number, bytes: Uint8Array): Block {
  const block = { index, bytes: noBytes, length: 0, change: 0, saved: 0, isSpare: false };
  overwrite(block, 0, bytes);
  return block;
}

/** What the block has, as it is now. */
export function bytesOf({ bytes, length }: Block): Uint8Array {
  return bytes.subarray(0, length);
}

/** Puts a copy of `data` at `offset`. */
export function overwrite(block: Block, offset: number, data: Uint8Array): void {
  const end = offset + data.length;
  if (end > block.bytes.length) {
    const frame = takeFrame(end);
    frame.set(block.bytes.subarray(0, block.length));
    block.bytes = frame;
  }
  // A cut, or who had the room before, may have left something behind the block's end.
  if (offset > block.length) block.bytes.fill(0, block.length, offset);
  block.bytes.set(data, offset);
  block.length = Math.max(block.length, end);
}
