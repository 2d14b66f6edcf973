import { noBytes } from '../../core/bytes.ts';
import { type BlockFile, mostAtOnce } from './block-file.ts';
import { type Block, blockOf, isSaved, type Memory, overwrite } from './memory.ts';
import { createSaving } from './saving.ts';
import { blockSize } from './slots.ts';

/** The bytes of one file: in memory, in its cache file, or still on the remote. What changes them is to be called one at
 *  a time. */
export interface CachedBytes {
  readonly size: number;
  /** Up to here, a block that is not in the cache is the remote's; behind it, it is zeros. */
  readonly remoteSize: number;
  /** The first block from `first` on, before `end`, that must come from the remote; null where none. */
  missing(first: number, end: number): number | null;
  /** Takes a block from the remote, where it is still missing. */
  fill(index: number, bytes: Uint8Array): void;
  /** Shorter than asked only at the end. */
  read(offset: number, length: number, fetch: Fetch): Promise<Uint8Array>;
  write(offset: number, data: Uint8Array, fetch: Fetch): Promise<void>;
  /** Cuts, or fills with zeros. */
  truncate(size: number, fetch: Fetch): Promise<void>;
  /** Brings in all that is missing: the remote's version is not needed any more. */
  complete(fetch: Fetch): Promise<void>;
  /** Whether something in memory is to be put into the cache file. */
  readonly isUnsaved: boolean;
  /** Waits until all is in the cache file that must be. Throws Failure('full'). */
  save(): Promise<void>;
  /** To be called after each write: resolves when there is room for more in memory. Throws as `save`. */
  relieve(): Promise<void>;
  /** To be called after each `fill`, as `relieve`; throws only where all is to be brought in. */
  relieveFilled(): Promise<void>;
  /** Lets go of what is in memory. */
  forget(): void;
}

/** Resolves when the blocks from `first` up to `end` are there, as far as `missing` tells that they were not. */
export type Fetch = (first: number, end: number) => Promise<void>;

export interface CachedBytesOptions {
  readonly size: number;
  readonly remoteSize: number;
  /** Whether what is fetched is put into the cache file, or may be forgotten. */
  savesFetched(): boolean;
  /** A block in the cache file is damaged. Returns when the remote has the same, else throws. */
  damaged(index: number): void;
}

export function createCachedBytes(file: BlockFile, memory: Memory, options: CachedBytesOptions): CachedBytes {
  const blocks = new Map<number, Block>();
  const saving = createSaving(file, (block) => blocks.get(block.index) === block);
  let { size, remoteSize } = options;
  // While all is brought in, nothing of it may go.
  let keepsAll = false;

  function forget(block: Block): void {
    if (blocks.get(block.index) === block) blocks.delete(block.index);
    saving.forget(block);
  }

  function put(block: Block): Block {
    blocks.set(block.index, block);
    memory.use(block, forget);
    return block;
  }

  function changed(block: Block): void {
    block.change++;
    block.isSpare = false;
    saving.add(block);
  }

  const isMissing = (index: number): boolean =>
    index * blockSize < remoteSize && !blocks.has(index) && !file.has(index);

  async function load(first: number, end: number): Promise<void> {
    await file.read(first, end, (index, bytes) => {
      if (blocks.has(index)) return;
      if (bytes) {
        put(blockOf(index, bytes));
        return;
      }
      options.damaged(index);
      file.drop(index);
      remoteSize = size;
    });
  }

  /** Null for zeros. Blocks behind it, up to `end`, may be brought along. */
  async function find(index: number, end: number, fetch: Fetch): Promise<Block | null> {
    for (;;) {
      const block = blocks.get(index);
      if (block) return put(block);
      if (file.has(index)) await load(index, end);
      // Never more than stays in memory until it is read.
      else if (isMissing(index)) await fetch(index, Math.min(end, index + mostAtOnce));
      else return null;
    }
  }

  /** Whether a part of what the block has remains beside what is written. */
  function remains(index: number, from: number, to: number): boolean {
    const end = Math.min(size - index * blockSize, blockSize);
    return end > 0 && (from > 0 || to < end);
  }

  /** The blocks that [start, end) touches only in part, brought into memory. */
  async function edges(start: number, end: number, fetch: Fetch): Promise<ReadonlyMap<number, Block | null>> {
    const found = new Map<number, Block | null>();
    for (const { index, from, to } of parts(start, end)) {
      if (remains(index, from, to)) found.set(index, await find(index, index + 1, fetch));
    }
    return found;
  }

  return {
    get size() {
      return size;
    },
    get remoteSize() {
      return remoteSize;
    },

    missing(first, end) {
      const last = Math.min(end, Math.ceil(remoteSize / blockSize));
      for (let index = first; index < last; index++) if (isMissing(index)) return index;
      return null;
    },

    fill(index, bytes) {
      if (!isMissing(index)) return;
      const block = blockOf(index, new Uint8Array(bytes.subarray(0, remoteSize - index * blockSize)));
      block.change++;
      block.isSpare = !keepsAll;
      if (keepsAll || options.savesFetched()) saving.add(block);
      put(block);
    },

    async read(offset, length, fetch) {
      const end = Math.min(offset + length, size);
      if (end <= offset) return noBytes;
      const out = new Uint8Array(Buffer.allocUnsafeSlow(end - offset).buffer);
      for (const { index, from, to } of parts(offset, end)) {
        const known = blocks.get(index);
        const block = known ? put(known) : await find(index, Math.ceil(end / blockSize), fetch);
        const at = index * blockSize + from - offset;
        const bytes = block ? block.bytes.subarray(from, Math.min(to, block.length)) : noBytes;
        out.set(bytes, at);
        out.fill(0, at + bytes.length, at + to - from);
      }
      return out;
    },

    async write(offset, data, fetch) {
      const end = offset + data.length;
      const held = await edges(offset, end, fetch);
      for (const { index, from, to } of parts(offset, end)) {
        const old = blocks.get(index) ?? held.get(index);
        const block = put(old ?? blockOf(index, noBytes));
        overwrite(block, from, data.subarray(index * blockSize + from - offset, index * blockSize + to - offset));
        changed(block);
      }
      size = Math.max(size, end);
    },

    async truncate(length, fetch) {
      const boundary = Math.floor(length / blockSize);
      const kept = length - boundary * blockSize;
      const isCut = length < size && kept > 0 && !isMissing(boundary);
      const held = isCut ? await find(boundary, boundary + 1, fetch) : null;
      if (length < size) {
        const first = kept > 0 ? boundary + 1 : boundary;
        for (const block of [...blocks.values()]) {
          if (block.index < first) continue;
          forget(block);
          memory.forget(block);
        }
        file.dropFrom(first);
        remoteSize = Math.min(remoteSize, length);
      }
      const block = isCut ? (blocks.get(boundary) ?? held) : null;
      if (block) {
        put(block);
        block.length = Math.min(block.length, kept);
        changed(block);
      }
      size = length;
    },

    async complete(fetch) {
      keepsAll = true;
      try {
        for (const block of blocks.values()) {
          if (!block.isSpare || isSaved(block)) continue;
          block.isSpare = false;
          saving.add(block);
        }
        await fetch(0, Math.ceil(remoteSize / blockSize));
        remoteSize = 0;
      } finally {
        keepsAll = false;
      }
    },

    get isUnsaved() {
      return saving.isWaiting;
    },
    save: () => saving.save(),
    relieve: saving.relieve,
    async relieveFilled() {
      try {
        await saving.relieve();
      } catch (error) {
        // A disk that is full keeps nobody from reading.
        if (keepsAll) throw error;
      }
    },
    forget() {
      for (const block of blocks.values()) memory.forget(block);
      blocks.clear();
    },
  };
}

interface Part {
  readonly index: number;
  /** Within the block. */
  readonly from: number;
  readonly to: number;
}

/** The blocks that [start, end) touches. */
function* parts(start: number, end: number): Generator<Part> {
  for (let index = Math.floor(start / blockSize); index * blockSize < end; index++) {
    const base = index * blockSize;
    yield { index, from: Math.max(start - base, 0), to: Math.min(end - base, blockSize) };
  }
}
