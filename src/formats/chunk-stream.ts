import { whenThere } from '../core/awaitable.ts';
import { type Bytes, streamOrWhole } from '../core/bytes.ts';

/** What happens to a stream of chunks. Lengths in bytes. */
export interface ChunkConversion {
  /** A whole incoming chunk; the last one may be shorter. */
  readonly chunkLength: number;
  /** By how much a chunk grows; negative where it shrinks. */
  readonly growth: number;
  /** Fills `out`, which is as long as `chunk` plus the growth, or empty where `chunk` is too short to shrink by so much. */
  convert(out: Uint8Array, chunk: Uint8Array): void;
  /** Taken off the front of the stream before the first chunk; it is shorter where the stream ends too early. */
  readonly header?: { readonly length: number; read(header: Uint8Array): void } | undefined;
  /** Put in front of what comes out. */
  readonly prefix?: Uint8Array | undefined;
}

const nothing = new Uint8Array(0);

/** Converts a stream chunk by chunk. Pieces of any length go in; out come pieces that grow to 16 chunks, in two buffers
 *  that take turns. A chunk that lies whole in an incoming piece is not copied. */
export function convertChunks(bytes: Bytes, conversion: ChunkConversion): Bytes {
  const { whole } = bytes;
  return streamOrWhole(
    () => convertedPieces(bytes, conversion),
    whole && (() => whenThere(whole(), (all) => all && convertWhole(all, conversion))),
  );
}

/** The chunks of what is at hand whole. */
function convertWhole(whole: Uint8Array, { chunkLength, growth, convert, header, prefix = nothing }: ChunkConversion) {
  const start = Math.min(header?.length ?? 0, whole.length);
  header?.read(whole.subarray(0, start));
  const rest = (whole.length - start) % chunkLength;
  const fullChunks = (whole.length - start - rest) / chunkLength;
  const length = fullChunks * (chunkLength + growth) + (rest === 0 ? 0 : Math.max(0, rest + growth));
  const converted = Buffer.allocUnsafe(prefix.length + length);
  converted.set(prefix);
  let filled = prefix.length;
  for (let offset = start; offset < whole.length; offset += chunkLength) {
    const chunk = whole.subarray(offset, offset + chunkLength);
    const out = converted.subarray(filled, filled + Math.max(0, chunk.length + growth));
    convert(out, chunk);
    filled += out.length;
  }
  return converted;
}

async function* convertedPieces(bytes: Bytes, conversion: ChunkConversion): AsyncGenerator<Uint8Array> {
  const { chunkLength, header } = conversion;
  const cutter = createCutter(chunkLength, header?.length ?? chunkLength);
  const pieces = createPieces(conversion);
  let isHeader = header !== undefined;
  for await (const piece of bytes) {
    for (const chunk of cutter.cut(piece)) {
      if (isHeader) {
        header?.read(chunk);
        isHeader = false;
        continue;
      }
      if (pieces.isFullFor(chunk)) yield pieces.take();
      pieces.add(chunk);
    }
  }
  const rest = cutter.rest();
  if (isHeader) header?.read(rest);
  else if (rest.length > 0) {
    if (pieces.isFullFor(rest)) yield pieces.take();
    pieces.add(rest);
  }
  const last = pieces.take();
  if (last.length > 0) yield last;
}

// With large pieces the hops between layers cost next to nothing: 16 chunks of 64 KiB are about 1 MiB.
const chunksPerPiece = 16;

/** Gathers converted chunks in pieces, the first of one chunk, then of 4 and of 16. */
function createPieces({ chunkLength, growth, convert, prefix = nothing }: ChunkConversion) {
  // Most files are smaller than a chunk: they get a buffer of their own length.
  let buffer: Uint8Array = prefix;
  let spare: Uint8Array = nothing;
  let filled = prefix.length;
  let room = 0;
  let isGiven = false;
  const grown = (chunk: Uint8Array): number => Math.max(0, chunk.length + growth);

  function makeRoom(length: number): void {
    if (room === chunksPerPiece) {
      [buffer, spare] = [spare.length > 0 ? spare : Buffer.allocUnsafe(buffer.length), buffer];
      return;
    }
    const held = buffer.subarray(0, filled);
    buffer = Buffer.allocUnsafe(room === 0 ? filled + length : 4 * room * (chunkLength + growth));
    buffer.set(held);
    room = Math.max(1, 4 * room);
  }

  return {
    /** Whether the piece must be taken before `chunk` is added. */
    isFullFor: (chunk: Uint8Array): boolean => room > 0 && filled + grown(chunk) > buffer.length,
    add(chunk: Uint8Array): void {
      const length = grown(chunk);
      if (isGiven || filled + length > buffer.length) makeRoom(length);
      isGiven = false;
      convert(buffer.subarray(filled, filled + length), chunk);
      filled += length;
    },
    /** What was gathered; the next chunk goes into another buffer. */
    take(): Uint8Array {
      const piece = buffer.subarray(0, filled);
      filled = 0;
      isGiven = true;
      return piece;
    },
  };
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

/** Cuts a stream into chunks, the first of `firstLength` bytes. A chunk is valid until the next is asked for. */
function createCutter(chunkLength: number, firstLength: number) {
  let wanted = firstLength;
  // The start of a chunk: still in the piece that it came in, or gathered from several.
  let tail: Uint8Array = nothing;
  let gathered: Uint8Array = nothing;
  return {
    *cut(piece: Uint8Array): Generator<Uint8Array> {
      let offset = 0;
      if (tail.length > 0) {
        offset = Math.min(wanted - tail.length, piece.length);
        gathered = roomFor(gathered, tail, wanted);
        gathered.set(piece.subarray(0, offset), tail.length);
        tail = gathered.subarray(0, tail.length + offset);
        if (tail.length < wanted) return;
        yield tail;
        wanted = chunkLength;
      }
      while (offset + wanted <= piece.length) {
        yield piece.subarray(offset, offset + wanted);
        offset += wanted;
        wanted = chunkLength;
      }
      tail = piece.subarray(offset);
    },
    /** What is left at the end of the stream. */
    rest: (): Uint8Array => tail,
  };
}

/** A buffer of at least `length` bytes that begins with `start`: `buffer` itself where it is long enough. */
function roomFor(buffer: Uint8Array, start: Uint8Array, length: number): Uint8Array {
  const room = length <= buffer.length ? buffer : Buffer.allocUnsafe(length);
  if (start.buffer !== room.buffer || start.byteOffset !== room.byteOffset) room.set(start);
  return room;
}
