import type { Range } from '../core/bytes.ts';
import { Failure } from '../core/failure.ts';

/** How long a whole chunk is, before and after sealing. In bytes. */
export interface ChunkSizes {
  readonly plain: number;
  readonly sealed: number;
}

/** Bytes of the chunks of `plainLength` bytes. */
export function sealedLength(chunk: ChunkSizes, plainLength: number): number {
  return plainLength + Math.ceil(plainLength / chunk.plain) * (chunk.sealed - chunk.plain);
}

/** Plain bytes in chunks that take `sealedLength` bytes; null for a length that no chunks have, as the last one would not
 *  hold a plain byte. */
export function plainLength(chunk: ChunkSizes, sealedLength: number): number | null {
  const growth = chunk.sealed - chunk.plain;
  const rest = sealedLength % chunk.sealed;
  if (rest > 0 && rest <= growth) return null;
  return sealedLength - Math.ceil(sealedLength / chunk.sealed) * growth;
}

/** Where in the sealed file a plain range lies. */
export interface SealedRange {
  /** Sealed bytes to ask for, whole chunks only; `end` is exclusive, and Infinity where it is the unknown end. */
  readonly start: number;
  readonly end: number;
  /** The chunk at `start`, counted from 0. */
  readonly firstChunk: number;
  /** Plain bytes to drop from the first chunk, and to keep after that; `take` may be Infinity. */
  readonly skip: number;
  readonly take: number;
}

/** Sealed byte range that covers the plain `range`, whole chunks only, header left out. It may reach over the end of the file.
 *  Throws Failure('usage') when the range starts below 0 or ends before it starts.
 *  Same arithmetic as calculateUnderlying in rclone's backend/crypt. */
export function sealedRange(chunk: ChunkSizes, headerLength: number, range: Range): SealedRange {
  const { start, end = Number.POSITIVE_INFINITY } = range;
  requireRange(start, end);
  const firstChunk = Math.floor(start / chunk.plain);
  const endChunk = end > start ? Math.ceil(end / chunk.plain) : firstChunk;
  return {
    start: headerLength + firstChunk * chunk.sealed,
    end: headerLength + endChunk * chunk.sealed,
    firstChunk,
    skip: start - firstChunk * chunk.plain,
    take: end - start,
  };
}

function requireRange(start: number, end: number): void {
  if (start < 0 || end < start) throw new Failure('usage', `there is no range of bytes from ${start} to ${end}`);
}

/** The plain range whose chunks make up the sealed bytes of `range`: what a layer that seals has to read when it is asked
 *  for a part of the sealed file. `skip` counts sealed bytes, the header included where `hasHeader`. */
export function plainRange(
  chunk: ChunkSizes,
  headerLength: number,
  range: Range,
): {
  readonly start: number;
  readonly end: number;
  readonly firstChunk: number;
  readonly skip: number;
  readonly hasHeader: boolean;
} {
  const { start, end = Number.POSITIVE_INFINITY } = range;
  requireRange(start, end);
  const hasHeader = start < headerLength;
  const firstChunk = hasHeader ? 0 : Math.floor((start - headerLength) / chunk.sealed);
  const skip = hasHeader ? start : start - headerLength - firstChunk * chunk.sealed;
  const lastChunk = Math.max(firstChunk, Math.ceil((end - headerLength) / chunk.sealed));
  return { start: firstChunk * chunk.plain, end: lastChunk * chunk.plain, firstChunk, skip, hasHeader };
}
