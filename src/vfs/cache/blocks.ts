import { noBytes } from '../../core/bytes.ts';
import { type BlockFile, mostAtOnce } from './block-file.ts';
import { type Block, blockOf, type Memory } from './memory.ts';
import { createResident, type Resident } from './resident.ts';
import { blockSize } from './slots.ts';

/** Resolves when the blocks from `first` up to `end` are there, as far as `missing` tells that they were not. */
export type Fetch = (first: number, end: number) => Promise<void>;

export interface BlocksOptions {
  readonly size: number;
  readonly remoteSize: number;
  /** Whether what is fetched is put into the cache file, or may be forgotten. */
  savesFetched(): boolean;
  /** A block in the cache file is damaged. Returns when the remote has the same, else throws. */
  damaged(index: number): void;
}

/** The blocks of one file: in memory, in its cache file, or still on the remote. A class, as each file in use has one: its
 *  methods are there once. */
export class Blocks {
  /** Bytes of the file. */
  size: number;
  /** Up to here, a block that is not in the cache is the remote's; behind it, it is zeros. */
  remoteSize: number;
  readonly resident: Resident;
  private readonly file: BlockFile;
  private readonly options: BlocksOptions;
  // While all is brought in, nothing of it may go.
  private keepsAll = false;

  constructor(file: BlockFile, memory: Memory, options: BlocksOptions) {
    this.size = options.size;
    this.remoteSize = options.remoteSize;
    this.resident = createResident(file, memory);
    this.file = file;
    this.options = options;
  }

  /** Whether the block must come from the remote. */
  isMissing(index: number): boolean {
    return index * blockSize < this.remoteSize && !this.resident.has(index) && !this.file.has(index);
  }

  /** The first block from `first` on, before `end`, that must come from the remote; null where none. */
  missing(first: number, end: number): number | null {
    const last = Math.min(end, Math.ceil(this.remoteSize / blockSize));
    for (let index = first; index < last; index++) if (this.isMissing(index)) return index;
    return null;
  }

  /** Whether the block has bytes that are not in memory. */
  isAway(index: number): boolean {
    return !this.resident.has(index) && (this.file.has(index) || index * blockSize < this.remoteSize);
  }

  /** Whether the block is to be read from the cache file. */
  isStored(index: number): boolean {
    return !this.resident.has(index) && this.file.has(index);
  }

  /** The block, to be changed; empty where there is none in memory. */
  toChange(index: number): Block {
    return this.resident.get(index) ?? this.resident.put(blockOf(index, noBytes));
  }

  /** Takes a block from the remote, where it is still missing. */
  fill(index: number, bytes: Uint8Array): void {
    if (!this.isMissing(index)) return;
    const block = blockOf(index, bytes.subarray(0, this.remoteSize - index * blockSize));
    if (this.keepsAll || this.options.savesFetched()) this.resident.changed(block);
    else block.change++;
    block.isSpare = !this.keepsAll;
    this.resident.put(block);
  }

  /** To be called after each `fill`: resolves when there is room for more in memory. Throws as `Resident.save`, but only
   *  where all is to be brought in. */
  async relieveFilled(): Promise<void> {
    try {
      await this.resident.relieve();
    } catch (error) {
      // A disk that is full keeps nobody from reading.
      if (this.keepsAll) throw error;
    }
  }

  /** One step to bring a block that is away into memory; those behind it, up to `end`, may come along. */
  async bringIn(index: number, end: number, fetch: Fetch): Promise<void> {
    // Never more than stays in memory until it is read.
    if (!this.file.has(index)) return fetch(index, Math.min(end, index + mostAtOnce));
    const { resident } = this;
    await this.readStored(index, end, (at, bytes) => {
      if (!resident.has(at)) resident.put(blockOf(at, bytes));
    });
  }

  /** Brings in all that is missing: the remote's version is not needed any more. */
  async complete(fetch: Fetch): Promise<void> {
    this.keepsAll = true;
    try {
      this.resident.keepSpare();
      await fetch(0, Math.ceil(this.remoteSize / blockSize));
      this.remoteSize = 0;
    } finally {
      this.keepsAll = false;
    }
  }

  /** As `BlockFile.read`, of blocks that are not damaged: the remote has those that are, or this throws. */
  async readStored(first: number, end: number, take: (index: number, bytes: Uint8Array) => void): Promise<void> {
    await this.file.read(first, end, (index, bytes) => {
      if (bytes) take(index, bytes);
      else if (!this.resident.has(index)) this.giveUp(index);
    });
  }

  /** Forgets what lies behind `size` bytes, but for the rest of the block in which they end. */
  cut(size: number): void {
    const first = Math.ceil(size / blockSize);
    this.resident.dropFrom(first);
    this.file.dropFrom(first);
    this.remoteSize = Math.min(this.remoteSize, size);
  }

  /** A block of the cache file that does not open. */
  private giveUp(index: number): void {
    this.options.damaged(index);
    this.file.drop(index);
    this.remoteSize = this.size;
  }
}
