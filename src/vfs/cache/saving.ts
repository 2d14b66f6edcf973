import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import { isFailure } from '../../core/failure.ts';
import { type BlockFile, mostAtOnce } from './block-file.ts';
import { type Block, bytesOf } from './memory.ts';

/** The blocks of one file that are to be written to its cache file. */
export interface Saving {
  /** Takes note that the block's bytes are others than those in the cache file. */
  add(block: Block): void;
  forget(block: Block): void;
  /** Whether any is left. */
  isWaiting(): boolean;
  /** Resolves when at most `most` blocks are left. Throws Failure('full'): nothing is lost that was there before, and
   *  the blocks stay in memory. */
  save(most?: number): Awaitable<void>;
  /** Begins to save once there is enough for one go, and resolves at once unless too much is waiting. */
  relieve(): Awaitable<void>;
}

const tooMany = 4 * mostAtOnce;

/** `isCurrent` tells whether a block still is the file's. */
export function createSaving(file: BlockFile, isCurrent: (block: Block) => boolean): Saving {
  const waiting = new Set<Block>();
  // The end of what is under way.
  let last: Promise<void> | null = null;

  function saveBatch(batch: readonly Block[]): Awaitable<void> {
    const changes = batch.map(({ change }) => change);
    const byIndex = new Map(batch.map((block) => [block.index, block]));
    const stored = batch.map((block) => ({ index: block.index, bytes: bytesOf(block) }));
    const written = file.write(stored, (index) => isCurrent(byIndex.get(index) as Block));
    return whenThere(written, () => {
      for (const [i, block] of batch.entries()) {
        block.saved = changes[i] as number;
        if (block.saved === block.change) waiting.delete(block);
      }
    });
  }

  function take(): Block[] {
    const batch: Block[] = [];
    for (const block of waiting) {
      if (batch.length === mostAtOnce) break;
      batch.push(block);
    }
    return batch;
  }

  function giveUpSpare(error: unknown): void {
    // What the remote has need not be here.
    const kept = waiting.size;
    for (const block of waiting) if (block.isSpare) waiting.delete(block);
    if (!isFailure(error, 'full') || waiting.size === kept) throw error;
  }

  function saveAll(most: number): Awaitable<void> {
    if (waiting.size <= most) return undefined;
    return whenThere(
      whenFailed(() => saveBatch(take()), giveUpSpare),
      () => saveAll(most),
    );
  }

  function save(most = 0): Awaitable<void> {
    const mine = last ? last.then(() => saveAll(most)) : saveAll(most);
    if (!(mine instanceof Promise)) return undefined;
    const ended = mine
      .catch(() => {})
      .then(() => {
        if (last === ended) last = null;
      });
    last = ended;
    return mine;
  }

  return {
    add: (block) => void waiting.add(block),
    forget: (block) => void waiting.delete(block),
    isWaiting: () => waiting.size > 0,
    save,
    relieve() {
      if (waiting.size < mostAtOnce) return undefined;
      if (waiting.size >= tooMany) return save(mostAtOnce - 1);
      // It is tried again, at the latest by whoever has to wait for it.
      void whenFailed(
        () => save(mostAtOnce - 1),
        () => {},
      );
    },
  };
}
