import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { noBytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { Blocks, Fetch } from './blocks.ts';
import { bytesOf, overwrite } from './memory.ts';
import { blockSize } from './slots.ts';
import { type Span, spans } from './spans.ts';

/** Reads and writes the bytes of a file wherever its blocks are. What changes them is to be called one at a time. */
export class CachedBytes {
  private readonly blocks: Blocks;

  constructor(blocks: Blocks) {
    this.blocks = blocks;
  }

  /** Whether the bytes from `start` up to `end` are to be had from the remote alone. */
  isRemote(start: number, end: number): boolean {
    if (end > this.blocks.remoteSize || end <= start) return false;
    for (const { index } of spans(start, end)) if (!this.blocks.isMissing(index)) return false;
    return true;
  }

  /** As `Content.readNow`. */
  readNow(offset: number, length: number): readonly Uint8Array[] | null {
    const { size, resident } = this.blocks;
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
  }

  /** Brings into memory what is away. What is used longest ago may go again meanwhile. */
  async bring(offset: number, length: number, fetch: Fetch): Promise<void> {
    const { blocks } = this;
    const end = Math.min(offset + length, blocks.size);
    for (const { index } of spans(offset, end)) {
      while (blocks.isAway(index)) await blocks.bringIn(index, Math.ceil(end / blockSize), fetch);
      blocks.resident.get(index);
    }
  }

  /** Shorter than asked only at the end. */
  async read(offset: number, length: number, fetch: Fetch): Promise<Uint8Array> {
    const { blocks } = this;
    const end = Math.min(offset + length, blocks.size);
    if (end <= offset) return noBytes;
    const out = new Uint8Array(Buffer.allocUnsafeSlow(end - offset).buffer);
    for (const span of spans(offset, end)) {
      const { index } = span;
      while (blocks.isAway(index)) await blocks.bringIn(index, Math.ceil(end / blockSize), fetch);
      const block = blocks.resident.get(index);
      place(out, offset, span, block ? bytesOf(block) : noBytes);
    }
    return out;
  }

  /** Fills `out` from `offset` on, for whoever reads the file through: what is not in memory does not come there. `out` may
   *  not reach behind the end. Throws Failure('fatal') for a block that is missing. */
  async readThrough(offset: number, out: Uint8Array): Promise<void> {
    const { blocks } = this;
    const wanted = spans(offset, offset + out.length);
    const end = Math.ceil((offset + out.length) / blockSize);
    let done = 0;
    const take = (index: number, stored: Uint8Array): void => {
      const span = wanted[done];
      // One before it was saved anew meanwhile: both are read again.
      if (span?.index !== index) return;
      const block = blocks.resident.get(index);
      place(out, offset, span, block ? bytesOf(block) : stored);
      done++;
    };
    for (let span = wanted[0]; span; span = wanted[done]) {
      const { index } = span;
      if (blocks.isMissing(index)) throw new Failure('fatal', 'the cache lacks what it had');
      if (blocks.isStored(index)) await blocks.readStored(index, end, take);
      else take(index, noBytes);
    }
  }

  write(offset: number, data: Uint8Array, fetch: Fetch): Awaitable<void> {
    const parts = spans(offset, offset + data.length);
    // What remains of the first and the last beside what is written is brought in before anything is changed.
    const halves = parts.filter(this.remains, this);
    const isReady = halves.every(({ index }) => !this.blocks.isAway(index));
    return whenThere(isReady ? undefined : this.bringInAll(halves, fetch), () => this.put(offset, data, parts, halves));
  }

  /** Cuts, or fills with zeros. */
  async truncate(size: number, fetch: Fetch): Promise<void> {
    const { blocks } = this;
    const last = Math.floor(size / blockSize);
    const kept = size - last * blockSize;
    const isCut = size < blocks.size && kept > 0 && !blocks.isMissing(last);
    while (isCut && blocks.isAway(last)) await blocks.bringIn(last, last + 1, fetch);
    if (size < blocks.size) blocks.cut(size);
    const block = isCut ? blocks.resident.get(last) : undefined;
    if (block) {
      block.length = Math.min(block.length, kept);
      blocks.resident.changed(block);
    }
    blocks.size = size;
  }

  /** Whether a part of what the block has remains beside the span, which is written. */
  private remains({ index, from, to }: Span): boolean {
    const end = Math.min(this.blocks.size - index * blockSize, blockSize);
    return end > 0 && (from > 0 || to < end);
  }

  private async bringInAll(parts: readonly Span[], fetch: Fetch): Promise<void> {
    const { blocks } = this;
    const next = (): Span | undefined => parts.find(({ index }) => blocks.isAway(index));
    for (let away = next(); away; away = next()) await blocks.bringIn(away.index, away.index + 1, fetch);
  }

  /** `halves` are written before others take their place in memory. */
  private put(offset: number, data: Uint8Array, parts: readonly Span[], halves: readonly Span[]): void {
    const { blocks } = this;
    for (const { index } of halves) blocks.resident.get(index);
    for (const { index, from, to } of new Set([...halves, ...parts])) {
      const block = blocks.toChange(index);
      overwrite(block, from, data.subarray(index * blockSize + from - offset, index * blockSize + to - offset));
      blocks.resident.changed(block);
    }
    blocks.size = Math.max(blocks.size, offset + data.length);
  }
}

/** Puts a part of a block into `out`, which begins at `offset` of the file. Behind the end of its bytes, a block is zeros. */
function place(out: Uint8Array, offset: number, { index, from, to }: Span, block: Uint8Array): void {
  const at = index * blockSize + from - offset;
  const bytes = block.subarray(from, Math.min(to, block.length));
  out.set(bytes, at);
  out.fill(0, at + bytes.length, at + to - from);
}
