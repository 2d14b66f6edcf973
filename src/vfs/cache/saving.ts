import { isFailure } from '../../core/failure.ts';
import { type BlockFile, mostAtOnce } from './block-file.ts';
import type { Block } from './memory.ts';

/** The blocks of one file that are to be written to its cache file. */
export interface Saving {
  /** Takes note that the block's bytes are others than those in the cache file. */
  add(block: Block): void;
  forget(block: Block): void;
  /** Whether any is left. */
  isWaiting(): boolean;
  /** Resolves when at most `most` blocks are left. Throws Failure('full'): nothing is lost that was there before, and
   *  the blocks stay in memory. */
  save(most?: number): Promise<void>;
  /** Begins to save once there is enough for one go, and resolves at once unless too much is waiting. */
  relieve(): Promise<void>;
}

const tooMany = 4 * mostAtOnce;

/** `isCurrent` tells whether a block still is the file's. */
export function createSaving(file: BlockFile, isCurrent: (block: Block) => boolean): Saving {
  const waiting = new Set<Block>();
  let last: Promise<void> = Promise.resolve();

  async function saveBatch(batch: readonly Block[]): Promise<void> {
    const changes = batch.map(({ change }) => change);
    const byIndex = new Map(batch.map((block) => [block.index, block]));
    const stored = batch.map(({ index, bytes, length }) => ({ index, bytes: bytes.subarray(0, length) }));
    await file.write(stored, (index) => isCurrent(byIndex.get(index) as Block));
    for (const [i, block] of batch.entries()) {
      block.saved = changes[i] as number;
      if (block.saved === block.change) waiting.delete(block);
    }
  }

  function take(): Block[] {
    const batch: Block[] = [];
    for (const block of waiting) {
      if (batch.length === mostAtOnce) break;
      batch.push(block);
    }
    return batch;
  }

  async function saveAll(most: number): Promise<void> {
    while (waiting.size > most) {
      try {
        await saveBatch(take());
      } catch (error) {
        // What the remote has need not be here.
        const kept = waiting.size;
        for (const block of waiting) if (block.isSpare) waiting.delete(block);
        if (!isFailure(error, 'full') || waiting.size === kept) throw error;
      }
    }
  }

  function save(most = 0): Promise<void> {
    const mine = last.then(() => saveAll(most));
    last = mine.catch(() => {});
    return mine;
  }

  return {
    add: (block) => void waiting.add(block),
    forget: (block) => void waiting.delete(block),
    isWaiting: () => waiting.size > 0,
    save,
    async relieve() {
      if (waiting.size < mostAtOnce) return;
      const saved = save(mostAtOnce - 1);
      if (waiting.size >= tooMany) await saved;
      // It is tried again, at the latest by who has to wait for it.
      else saved.catch(() => {});
    },
  };
}
