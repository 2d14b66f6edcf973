import { type Bytes, concat, noBytes } from '../core/bytes.ts';

/** Reads a stream field by field. */
export interface ByteReader {
  /** At most `length` bytes: as many as are at hand without joining pieces, and none only at the end of the stream. They
   *  stay as they are until the next call. */
  some(length: number): Promise<Uint8Array>;
  /** `length` bytes in an array of their own; fewer at the end of the stream. */
  take(length: number): Promise<Uint8Array>;
  /** What is left. */
  rest(): Bytes;
  /** Ends the stream that it reads. */
  close(): Promise<void>;
}

export function readerOf(bytes: Bytes): ByteReader {
  const iterator = bytes[Symbol.asyncIterator]();
  let piece: Uint8Array = noBytes;

  async function some(length: number): Promise<Uint8Array> {
    while (piece.length === 0) {
      const { done, value } = await iterator.next();
      if (done) return noBytes;
      piece = value;
    }
    const part = piece.subarray(0, length);
    piece = piece.subarray(part.length);
    return part;
  }

  return {
    some,
    async take(length) {
      const parts: Uint8Array[] = [];
      for (let missing = length; missing > 0; ) {
        const part = await some(missing);
        if (part.length === 0) break;
        parts.push(Uint8Array.from(part));
        missing -= part.length;
      }
      return parts.length === 1 ? (parts[0] as Uint8Array) : concat(parts);
    },
    async *rest() {
      const part = piece;
      piece = noBytes;
      if (part.length > 0) yield part;
      // As they come: each stays as it is until the next but one is asked for.
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) yield step.value;
    },
    async close() {
      await iterator.return?.();
    },
  };
}
