import type { Bytes, Source } from '../../core/bytes.ts';
import type { StreamedBody } from '../http/client.ts';
import type { Dialect } from './providers.ts';

/** A piece of a file that goes up on its own. */
export interface Part {
  /** From 1. */
  readonly number: number;
  /** Bytes at hand, or where to read them, again if need be. */
  readonly body: Uint8Array | (StreamedBody & { readonly length: number });
}

const grain = 1 << 20;

/** Bytes of a part for a file of `size` bytes: grows where the file would need more parts than the store takes. */
export function partSizeFor(size: number, { chunkSize, mostParts }: Pick<Dialect, 'chunkSize' | 'mostParts'>): number {
  if (size <= chunkSize * mostParts) return chunkSize;
  return Math.ceil(size / mostParts / grain) * grain;
}

/** The parts of a source that can be read anywhere. */
export function* rangedParts(source: Source, size: number, partSize: number): Generator<Part> {
  for (let start = 0, number = 1; start < size; start += partSize, number++) {
    const end = Math.min(size, start + partSize);
    yield { number, body: { source, range: { start, end }, length: end - start } };
  }
}

/** Cuts a stream into arrays of `partSize` bytes, the last one shorter; none for an empty stream. */
export async function* cut(bytes: Bytes, partSize: number): AsyncGenerator<Uint8Array> {
  let part = new Uint8Array(0);
  let filled = 0;
  for await (const piece of bytes) {
    for (let offset = 0; offset < piece.length; ) {
      if (filled === part.length) part = grow(part, Math.min(partSize, filled + piece.length - offset), partSize);
      const taken = piece.subarray(offset, offset + part.length - filled);
      part.set(taken, filled);
      filled += taken.length;
      offset += taken.length;
      if (filled < partSize) continue;
      yield part;
      part = new Uint8Array(0);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

// Most pipes are short: a part takes its whole size only once it is known to be needed.
function grow(part: Uint8Array, needed: number, partSize: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.min(partSize, Math.max(needed, 4 * part.length)));
  grown.set(part);
  return grown;
}
