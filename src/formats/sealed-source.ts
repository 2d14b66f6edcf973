import type { Bytes, Source } from '../core/bytes.ts';
import { slicePieces } from './chunk-stream.ts';
import { type ChunkSizes, plainRange, sealedLength } from './chunked.ts';

/** How one file is sealed: any part of it comes out the same each time. */
export interface Sealing {
  readonly chunk: ChunkSizes;
  readonly headerLength: number;
  /** Seals plain bytes that begin at the start of chunk `firstChunk`, the header in front of them where asked for. */
  seal(plain: Bytes, options: { readonly hasHeader: boolean; readonly firstChunk: number }): Bytes;
}

/** The sealed form of a source. Each range can be asked for again and is the same bytes, so parts of an upload run side
 *  by side and are retried alone. A pipe stays a pipe. */
export function sealSource(sealing: Sealing, plain: Source): Source {
  const { chunk, headerLength } = sealing;
  const grown = (length: number): number => headerLength + sealedLength(chunk, length);
  const size = plain.size === null ? null : grown(plain.size);
  return {
    size,
    atMost: plain.atMost === undefined ? undefined : grown(plain.atMost),
    replayable: plain.replayable,
    open(range) {
      const { start = 0, end = Number.POSITIVE_INFINITY } = range ?? {};
      if (start === 0 && end >= (size ?? Number.POSITIVE_INFINITY)) {
        return sealing.seal(plain.open(), { hasHeader: true, firstChunk: 0 });
      }
      const needed = plainRange(chunk, headerLength, { start, end });
      const sealed = sealing.seal(plain.open(clip(needed, plain.size)), needed);
      return slicePieces(sealed, needed.skip, end - start);
    },
  };
}

function clip(range: { readonly start: number; readonly end: number }, size: number | null) {
  const start = Math.min(range.start, size ?? range.start);
  const end = Math.min(range.end, size ?? range.end);
  return end === Number.POSITIVE_INFINITY ? { start } : { start, end };
}
