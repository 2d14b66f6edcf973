import type { Bytes, Source } from '../core/bytes.ts';
import { slicePieces } from './chunk-stream.ts';
import { type ChunkSizes, plainRange, sealedLength } from './chunked.ts';
import { SealedChunks } from './sealed-chunks.ts';

/** How one file is sealed: any part of it comes out the same each time. */
export interface Sealing {
  readonly chunk: ChunkSizes;
  readonly headerLength: number;
  /** Seals plain bytes that begin at the start of chunk `firstChunk`, the header in front of them where asked for. */
  seal(plain: Bytes, options: PartToSeal): Bytes;
}

export interface PartToSeal {
  readonly hasHeader: boolean;
  readonly firstChunk: number;
  /** Has to agree to each chunk before that is given away; absent for what is sealed only once. */
  readonly seen?: SealedChunks | undefined;
}

/** The sealed form of a source. Each range can be asked for again and is the same bytes, so parts of an upload run side
 *  by side and are retried alone. A pipe stays a pipe. Its reading throws Failure('changed') where the source gives other
 *  bytes for a chunk than it has before. */
export function sealSource(sealing: Sealing, plain: Source): Source {
  const { chunk, headerLength } = sealing;
  const grown = (length: number): number => headerLength + sealedLength(chunk, length);
  const size = plain.size === null ? null : grown(plain.size);
  const seen = plain.replayable ? new SealedChunks() : undefined;
  return {
    size,
    atMost: plain.atMost === undefined ? undefined : grown(plain.atMost),
    replayable: plain.replayable,
    open(range) {
      const { start = 0, end = Number.POSITIVE_INFINITY } = range ?? {};
      if (start === 0 && end >= (size ?? Number.POSITIVE_INFINITY)) {
        return sealing.seal(plain.open(), { hasHeader: true, firstChunk: 0, seen });
      }
      const needed = plainRange(chunk, headerLength, { start, end });
      const sealed = sealing.seal(plain.open(clip(needed, plain.size)), { ...needed, seen });
      return slicePieces(sealed, needed.skip, end - start);
    },
  };
}

function clip(range: { readonly start: number; readonly end: number }, size: number | null) {
  const start = Math.min(range.start, size ?? range.start);
  const end = Math.min(range.end, size ?? range.end);
  return end === Number.POSITIVE_INFINITY ? { start } : { start, end };
}
