import type { Bytes } from '../core/bytes.ts';

/** What happens to a stream of chunks. Lengths in bytes. */
export interface ChunkConversion {
  /** A whole incoming chunk; the last one may be shorter. */
  readonly chunkLength: number;
  /** By how much a chunk grows; negative where it shrinks. */
  readonly growth: number;
  /** Fills `out`, which is as long as `chunk` plus the growth, and empty where `chunk` is too short to shrink. */
  convert(out: Uint8Array, chunk: Uint8Array): void;
  /** Taken off the front of the stream before the first chunk; it is shorter where the stream ends too early. */
  readonly header?: { readonly length: number; read(header: Uint8Array): void };
  /** Put in front of what comes out. */
  readonly prefix?: Uint8Array;
}

// Large pieces keep the cost of the hops between layers out of sight: 16 chunks of 64 KiB are about 1 MiB.
const chunksPerPiece = 16;
const nothing = new Uint8Array(0);

/** Converts a stream chunk by chunk. Pieces of any length go in; out come pieces that grow to 16 chunks, in two buffers
 *  that take turns. A chunk that lies whole in an incoming piece is not copied. */
export async function* convertChunks(bytes: Bytes, conversion: ChunkConversion): AsyncGenerator<Uint8Array> {
  const { chunkLength, growth, convert, header, prefix = nothing } = conversion;
  // Most files are smaller than a chunk: they get a buffer of their own length.
  let buffer: Uint8Array = prefix;
  let spare: Uint8Array = nothing;
  let filled = prefix.length;
  let room = 0;
  let isHeader = header !== undefined;
  for await (const chunk of cut(bytes, chunkLength, header?.length ?? chunkLength)) {
    if (isHeader) {
      header?.read(chunk);
      isHeader = false;
      continue;
    }
    const length = Math.max(0, chunk.length + growth);
    if (filled + length > buffer.length) {
      if (room > 0) {
        yield buffer.subarray(0, filled);
        filled = 0;
      }
      if (room === chunksPerPiece) {
        [buffer, spare] = [spare.length > 0 ? spare : new Uint8Array(buffer.length), buffer];
      } else {
        const held = buffer.subarray(0, filled);
        buffer = new Uint8Array(room === 0 ? filled + length : 4 * room * (chunkLength + growth));
        buffer.set(held);
        room = Math.max(1, 4 * room);
      }
    }
    convert(buffer.subarray(filled, filled + length), chunk);
    filled += length;
  }
  if (isHeader) header?.read(nothing);
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** The bytes from `skip` on, at most `take` of them. */
export async function* slicePieces(bytes: Bytes, skip: number, take: number): AsyncGenerator<Uint8Array> {
  let start = skip;
  let left = take;
  for await (const piece of bytes) {
    const part = piece.subarray(Math.min(start, piece.length), Math.min(piece.length, start + left));
    start = Math.max(0, start - piece.length);
    left -= part.length;
    if (part.length > 0) yield part;
    if (left <= 0) return;
  }
}

/** The stream in chunks, each valid until the next is asked for; the first of `firstLength` bytes, the last as short
 *  as the stream leaves it. */
async function* cut(bytes: Bytes, chunkLength: number, firstLength: number): AsyncGenerator<Uint8Array> {
  let wanted = firstLength;
  let kept: Uint8Array = nothing;
  let filled = 0;
  for await (const piece of bytes) {
    let offset = 0;
    if (filled > 0) {
      offset = Math.min(wanted - filled, piece.length);
      kept = roomFor(kept, filled, wanted);
      kept.set(piece.subarray(0, offset), filled);
      filled += offset;
      if (filled < wanted) continue;
      yield kept.subarray(0, filled);
      filled = 0;
      wanted = chunkLength;
    }
    while (offset + wanted <= piece.length) {
      yield piece.subarray(offset, offset + wanted);
      offset += wanted;
      wanted = chunkLength;
    }
    filled = piece.length - offset;
    kept = roomFor(kept, 0, filled);
    kept.set(piece.subarray(offset));
  }
  if (filled > 0) yield kept.subarray(0, filled);
}

// Grows only when it must: most files are smaller than a chunk and come in one piece.
function roomFor(buffer: Uint8Array, filled: number, length: number): Uint8Array {
  if (length <= buffer.length) return buffer;
  const grown = new Uint8Array(length);
  grown.set(buffer.subarray(0, filled));
  return grown;
}
