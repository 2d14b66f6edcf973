import { constants, ftruncateSync } from 'node:fs';
import { type Awaitable, inTurn, whenFailed, whenThere } from '../../core/awaitable.ts';
import { readAt, writeAt } from '../../remotes/local/at-offset.ts';
import type { BoxKey } from './boxes.ts';
import { createDescriptor } from './descriptor.ts';
import { openSecret, syncBytes, unlinkIfThere } from './disk.ts';
import { failing, type MakeRoom, withRoom } from './failing.ts';
import type { CacheFolder } from './folder.ts';
import { createPool } from './frames.ts';
import type { SlotMap } from './slot-map.ts';
import { blockSize, openSlot, sealedSize, sealSlot, slotSize } from './slots.ts';

export interface StoredBlock {
  readonly index: number;
  /** At most `blockSize` bytes. */
  readonly bytes: Uint8Array;
}

/** The sealed blocks of one cached file, in a file that is made with the first of them. */
export interface BlockFile {
  has(index: number): boolean;
  /** Reads block `first`, and those behind it up to `end` that lie beside it. Each is given to `take` as long as it is
   *  still what was read, `bytes` null where it does not authenticate; they are used again. */
  read(first: number, end: number, take: (index: number, bytes: Uint8Array | null) => void): Promise<void>;
  /** Seals the blocks, 1 MiB at most, as they are when this is called. `isCurrent` is asked of each when it is written:
   *  whether it still belongs to the file. Nothing is changed where this throws. */
  write(blocks: readonly StoredBlock[], isCurrent: (index: number) => boolean): Awaitable<void>;
  /** Forgets a block. */
  drop(index: number): void;
  /** Forgets all blocks from this one on. */
  dropFrom(index: number): void;
  /** Gives back the room behind the last block. */
  trim(): Awaitable<void>;
  sync(): Awaitable<void>;
  close(): Awaitable<void>;
  /** Takes its name away: the file is gone when it is closed. */
  unlink(): Promise<void>;
}

/** How many blocks are read or written at once. */
export const mostAtOnce = 16;

const batches = createPool(mostAtOnce * slotSize, 4);
// What was opened last: its taker has copied it before the next is.
const opened = new Uint8Array(blockSize);
const takeBatch = (size: number): Uint8Array =>
  size > (mostAtOnce / 2) * slotSize ? batches.take() : Buffer.allocUnsafe(size);

/** Of the file `id`. */
export function createBlockFile(folder: CacheFolder, id: string, slots: SlotMap, makeRoom: MakeRoom): BlockFile {
  const path = folder.blocksPath(id);
  const key = folder.keys(id).block;
  const descriptor = createDescriptor(() => folder.making(() => openFile(path, isNameless)));
  // Whether the system may have a file of this name.
  let isThere = !slots.isEmpty();
  let isNameless = false;

  function use<T>(work: (fd: number) => Awaitable<T>): Awaitable<T> {
    isThere ||= !isNameless;
    return descriptor.use(work);
  }

  /** How many blocks from `first` on lie in slots beside each other. */
  function runLength(first: number, end: number): number {
    const slot = slots.get(first) ?? 0;
    let count = 1;
    while (first + count < end && count < mostAtOnce && slots.get(first + count) === slot + count) count++;
    return count;
  }

  return {
    has: (index) => slots.get(index) !== undefined,

    read: (first, end, take) =>
      failing(path, async () => {
        const slot = slots.get(first);
        if (slot === undefined) return;
        const count = runLength(first, end);
        const batch = takeBatch(count * slotSize);
        const bytes = batch.subarray(0, count * slotSize);
        const bytesRead = await use((fd) => readAt(fd, bytes, slot * slotSize));
        for (let i = 0; i < count; i++) {
          // Written anew or let go meanwhile, its slot may hold anything.
          if (slots.get(first + i) !== slot + i) continue;
          const sealed = bytes.subarray(i * slotSize, Math.min((i + 1) * slotSize, bytesRead));
          take(first + i, openSlot(opened, sealed, first + i, key));
        }
        batches.give(batch);
      }),

    write(blocks, isCurrent) {
      const taken = slots.take(blocks.length);
      // Sealed before anything is awaited: nothing of a later write gets in.
      const runs = sealRuns(blocks, taken, key);
      const write = ({ slot, sealed }: SealedRun): Awaitable<void> => use((fd) => writeAt(fd, sealed, slot * slotSize));
      const written = whenFailed(
        () => withRoom(makeRoom, () => failing(path, () => inTurn(runs, write))),
        (error) => {
          for (const slot of taken) slots.putBack(slot);
          throw error;
        },
      );
      return whenThere(written, () => {
        for (const { batch } of runs) batches.give(batch);
        for (const [i, slot] of taken.entries()) {
          const { index } = blocks[i] as StoredBlock;
          if (isCurrent(index)) slots.place(index, slot);
          else slots.putBack(slot);
        }
      });
    },

    drop: slots.drop,
    dropFrom: slots.dropFrom,
    trim() {
      if (!slots.hasFreeEnd()) return undefined;
      return failing(path, () =>
        use((fd) => {
          slots.trim();
          // At once: nobody may have taken a slot in between.
          ftruncateSync(fd, slots.slotCount() * slotSize);
        }),
      );
    },
    sync: () => (slots.isEmpty() ? undefined : failing(path, () => use(syncBytes))),
    close: descriptor.close,
    unlink: () =>
      failing(path, async () => {
        descriptor.stay();
        if (!slots.isEmpty()) await use(() => {});
        isNameless = true;
        if (isThere) await unlinkIfThere(path);
      }),
  };
}

interface SealedRun {
  readonly slot: number;
  readonly sealed: Uint8Array;
  /** What `sealed` is a part of. */
  readonly batch: Uint8Array;
}

/** One piece of bytes for all blocks whose slots lie beside each other. */
function sealRuns(blocks: readonly StoredBlock[], slots: readonly number[], key: BoxKey): SealedRun[] {
  const runs: SealedRun[] = [];
  for (let start = 0; start < blocks.length; ) {
    const slot = slots[start] as number;
    let end = start + 1;
    while (end < blocks.length && slots[end] === slot + end - start) end++;
    // The last one needs no more than it has: most files are small.
    const lastBytes = (blocks[end - 1] as StoredBlock).bytes;
    const batch = takeBatch((end - start - 1) * slotSize + sealedSize(lastBytes.length));
    let length = 0;
    for (const [i, { index, bytes }] of blocks.slice(start, end).entries()) {
      const out = batch.subarray(i * slotSize);
      length = i * slotSize + sealSlot(out, bytes, index, key);
      // What a short block leaves of its slot is written too where another follows: not what the memory held before.
      if (start + i + 1 < end) batch.fill(0, length, (i + 1) * slotSize);
    }
    runs.push({ slot, sealed: batch.subarray(0, length), batch });
    start = end;
  }
  return runs;
}

function openFile(path: string, isNameless: boolean): Awaitable<number> {
  return whenThere(openSecret(path, constants.O_RDWR | constants.O_CREAT), (fd) =>
    isNameless ? unlinkIfThere(path).then(() => fd) : fd,
  );
}
