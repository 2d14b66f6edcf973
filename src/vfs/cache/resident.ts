import type { Awaitable } from '../../core/awaitable.ts';
import type { BlockFile } from './block-file.ts';
import { giveFrame } from './frames.ts';
import { type Block, isSaved, type Memory } from './memory.ts';
import { createSaving } from './saving.ts';

/** The blocks of one file that are in memory. One that is not about to be used may go at any time: it is not to be held
 *  while something is awaited. */
export interface Resident {
  has(index: number): boolean;
  /** Takes note that it is used. */
  get(index: number): Block | undefined;
  put(block: Block): Block;
  /** Takes note that the block is to be put into the cache file. */
  changed(block: Block): void;
  /** As `changed` for each block that need not have been kept. */
  keepSpare(): void;
  /** Lets go of all blocks from this one on. */
  dropFrom(first: number): void;
  /** Whether something is to be put into the cache file. */
  isUnsaved(): boolean;
  save(): Awaitable<void>;
  relieve(): Awaitable<void>;
}

export function createResident(file: BlockFile, memory: Memory): Resident {
  const blocks = new Map<number, Block>();
  const saving = createSaving(file, (block) => blocks.get(block.index) === block);

  function drop(block: Block): void {
    if (blocks.get(block.index) !== block) return;
    blocks.delete(block.index);
    saving.forget(block);
    giveFrame(block.bytes);
  }

  function put(block: Block): Block {
    blocks.set(block.index, block);
    memory.use(block, drop);
    return block;
  }

  return {
    has: (index) => blocks.has(index),
    get(index) {
      const block = blocks.get(index);
      return block && put(block);
    },
    put,
    changed(block) {
      block.change++;
      block.isSpare = false;
      saving.add(block);
    },
    keepSpare() {
      for (const block of blocks.values()) {
        if (!block.isSpare || isSaved(block)) continue;
        block.isSpare = false;
        saving.add(block);
      }
    },
    dropFrom(first) {
      for (const block of [...blocks.values()]) {
        if (block.index < first) continue;
        memory.forget(block);
        drop(block);
      }
    },
    isUnsaved: saving.isWaiting,
    save: () => saving.save(),
    relieve: saving.relieve,
  };
}
