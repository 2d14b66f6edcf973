import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { noBytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { type BlockFile, mostAtOnce } from './block-file.ts';
import { blockOf, bytesOf, type Memory, overwrite } from './memory.ts';
import { createResident } from './resident.ts';
import { blockSize } from './slots.ts';
import { type Span, spans } from './spans.ts';

/** The bytes of one file: in memory, in its cache file, or still on the remote. What changes them is to be called one at
 *  a time. */
export interface CachedBytes {
  size(): number;
  /** Up to here, a block that is not in the cache is the remote's; behind it, it is zeros. */
  remoteSize(): number;
  /** The first block from `first` on, before `end`, that must come from the remote; null where none. */
  missing(first: number, end: number): number | null;
  /** Whether the bytes from `start` up to `end` are to be had from the remote alone. */
  isRemote(start: number, end: number): boolean;
  /** Takes a block from the remote, where it is still missing. */
  fill(index: number, bytes: Uint8Array): void;
  /** As `Content.readNow`. */
  readNow(offset: number, length: number): readonly Uint8Array[] | null;
  /** Brings into memory what is away. What is used longest ago may go again meanwhile. */
  bring(offset: number, length: number, fetch: Fetch): Promise<void>;
  /** Shorter than asked only at the end. */
  read(offset: number, length: number, fetch: Fetch): Promise<Uint8Array>;
  /** Fills `out` from `offset` on, for whoever reads the file through: what is not in memory does not come there. `out` may
   *  not reach behind the end. Throws Failure('fatal') for a block that is missing. */
  readThrough(offset: number, out: Uint8Array): Promise<void>;
  write(offset: number, data: Uint8Array, fetch: Fetch): Awaitable<void>;
  /** Cuts, or fills with zeros. */
  truncate(size: number, fetch: Fetch): Promise<void>;
  /** Brings in all that is missing: the remote's version is not needed any more. */
  complete(fetch: Fetch): Promise<void>;
  /** Whether something in memory is to be put into the cache file. */
  isUnsaved(): boolean;
  /** Waits until all is in the cache file that must be. Throws Failure('full'). */
  save(): Awaitable<void>;
  /** To be called after each write: resolves when there is room for more in memory. Throws as `save`. */
  relieve(): Awaitable<void>;
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
  const resident = createResident(file, memory);
  let { size, remoteSize } = options;
  // While all is brought in, nothing of it may go.
  let keepsAll = false;

  const isMissing = (index: number): boolean =>
    index * blockSize < remoteSize && !resident.has(index) && !file.has(index);

  /** Whether the block has bytes that are not in memory. */
  const isAway = ({ index }: Pick<Span, 'index'>): boolean =>
    !resident.has(index) && (file.has(index) || index * blockSize < remoteSize);

  async function load(first: number, end: number): Promise<void> {
    await file.read(first, end, (index, bytes) => {
      if (resident.has(index)) return;
      if (bytes) resident.put(blockOf(index, bytes));
      else giveUp(index);
    });
  }

  /** A block of the cache file that does not open. */
  function giveUp(index: number): void {
    options.damaged(index);
    file.drop(index);
    remoteSize = size;
  }

  /** One step to bring in a block that is away; those behind it, up to `end`, may come along. */
  async function bringIn(index: number, end: number, fetch: Fetch): Promise<void> {
    if (file.has(index)) await load(index, end);
    // Never more than stays in memory until it is read.
    else await fetch(index, Math.min(end, index + mostAtOnce));
  }

  async function bringInAll(parts: readonly Span[], fetch: Fetch): Promise<void> {
    for (let away = parts.find(isAway); away; away = parts.find(isAway)) {
      await bringIn(away.index, away.index + 1, fetch);
    }
  }

  /** Whether a part of what the block has remains beside the span, which is written. */
  function remains({ index, from, to }: Span): boolean {
    const end = Math.min(size - index * blockSize, blockSize);
    return end > 0 && (from > 0 || to < end);
  }

  return {
    size: () => size,
    remoteSize: () => remoteSize,

    missing(first, end) {
      const last = Math.min(end, Math.ceil(remoteSize / blockSize));
      for (let index = first; index < last; index++) if (isMissing(index)) return index;
      return null;
    },

    isRemote(start, end) {
      if (end > remoteSize || end <= start) return false;
      for (const { index } of spans(start, end)) if (!isMissing(index)) return false;
      return true;
    },

    fill(index, bytes) {
      if (!isMissing(index)) return;
      const block = blockOf(index, bytes.subarray(0, remoteSize - index * blockSize));
      if (keepsAll || options.savesFetched()) resident.changed(block);
      else block.change++;
      block.isSpare = !keepsAll;
      resident.put(block);
    },

    readNow(offset, length) {
      const end = Math.min(offset + length, size);
      const parts: Uint8Array[] = [];
      if (end <= offset) return parts;
      for (const { index, from, to } of spans(offset, end)) {
        const block = resident.get(index);
        // What is zeros behind a block's end is left to `read`.
        if (!block || block.length < to) return null;
        parts.push(block.bytes.subarray(from, to));
      }
      return parts;
    },

    async bring(offset, length, fetch) {
      const end = Math.min(offset + length, size);
      for (const span of spans(offset, end)) {
        while (isAway(span)) await bringIn(span.index, Math.ceil(end / blockSize), fetch);
        resident.get(span.index);
      }
    },

    async read(offset, length, fetch) {
      const end = Math.min(offset + length, size);
      if (end <= offset) return noBytes;
      const out = new Uint8Array(Buffer.allocUnsafeSlow(end - offset).buffer);
      for (const span of spans(offset, end)) {
        while (isAway(span)) await bringIn(span.index, Math.ceil(end / blockSize), fetch);
        const block = resident.get(span.index);
        place(out, offset, span, block ? bytesOf(block) : noBytes);
      }
      return out;
    },

    async readThrough(offset, out) {
      const wanted = spans(offset, offset + out.length);
      const end = Math.ceil((offset + out.length) / blockSize);
      let done = 0;
      const take = (index: number, stored: Uint8Array): void => {
        const span = wanted[done];
        // One before it was saved anew meanwhile: both are read again.
        if (span?.index !== index) return;
        const block = resident.get(index);
        place(out, offset, span, block ? bytesOf(block) : stored);
        done++;
      };
      for (let span = wanted[0]; span; span = wanted[done]) {
        const { index } = span;
        if (isMissing(index)) throw new Failure('fatal', 'the cache lacks what it had');
        if (resident.has(index) || !file.has(index)) take(index, noBytes);
        else await file.read(index, end, (at, bytes) => (bytes ? take(at, bytes) : giveUp(at)));
      }
    },

    write(offset, data, fetch) {
      const end = offset + data.length;
      const parts = spans(offset, end);
      // What remains of the first and the last beside what is written is brought in before anything is changed, and they are
      // written before others take their place in memory.
      const halves = parts.filter(remains);
      return whenThere(halves.some(isAway) ? bringInAll(halves, fetch) : undefined, () => {
        for (const { index } of halves) resident.get(index);
        for (const { index, from, to } of new Set([...halves, ...parts])) {
          const block = resident.get(index) ?? resident.put(blockOf(index, noBytes));
          overwrite(block, from, data.subarray(index * blockSize + from - offset, index * blockSize + to - offset));
          resident.changed(block);
        }
        size = Math.max(size, end);
      });
    },

    async truncate(length, fetch) {
      const boundary = Math.floor(length / blockSize);
      const kept = length - boundary * blockSize;
      const isCut = length < size && kept > 0 && !isMissing(boundary);
      while (isCut && isAway({ index: boundary })) await bringIn(boundary, boundary + 1, fetch);
      if (length < size) {
        const first = kept > 0 ? boundary + 1 : boundary;
        resident.dropFrom(first);
        file.dropFrom(first);
        remoteSize = Math.min(remoteSize, length);
      }
      const block = isCut ? resident.get(boundary) : undefined;
      if (block) {
        block.length = Math.min(block.length, kept);
        resident.changed(block);
      }
      size = length;
    },

    async complete(fetch) {
      keepsAll = true;
      try {
        resident.keepSpare();
        await fetch(0, Math.ceil(remoteSize / blockSize));
        remoteSize = 0;
      } finally {
        keepsAll = false;
      }
    },

    isUnsaved: resident.isUnsaved,
    save: resident.save,
    relieve: resident.relieve,
    async relieveFilled() {
      try {
        await resident.relieve();
      } catch (error) {
        // A disk that is full keeps nobody from reading.
        if (keepsAll) throw error;
      }
    },
    forget: () => resident.dropFrom(0),
  };
}

/** Puts a part of a block into `out`, which begins at `offset` of the file. Behind the end of its bytes, a block is zeros. */
function place(out: Uint8Array, offset: number, { index, from, to }: Span, block: Uint8Array): void {
  const at = index * blockSize + from - offset;
  const bytes = block.subarray(from, Math.min(to, block.length));
  out.set(bytes, at);
  out.fill(0, at + bytes.length, at + to - from);
}
