import { type Bytes, concat } from '../../core/bytes.ts';
import { type Header, readingHeader } from './header.ts';

/** A file of which the header has been read. */
export interface SplitFile {
  readonly header: Header;
  /** What follows the header, to be read once. */
  readonly body: Bytes;
  /** Ends the stream that it comes from, where the body is not read to its end. */
  close(): Promise<void>;
}

/** Takes the header off the front of a stream. `path` is what messages call the file. Throws as `readingHeader`. */
export async function splitHeader(bytes: Bytes, path: string): Promise<SplitFile> {
  const iterator = bytes[Symbol.asyncIterator]();
  let piece: Uint8Array = new Uint8Array(0);

  async function take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0; ) {
      if (piece.length === 0) {
        const { done, value } = await iterator.next();
        if (done) break;
        piece = value;
      }
      const part = piece.subarray(0, missing);
      // A copy: the piece may be written over while the rest of the header comes.
      parts.push(Uint8Array.from(part));
      piece = piece.subarray(part.length);
      missing -= part.length;
    }
    return concat(parts);
  }

  async function* rest(): AsyncGenerator<Uint8Array> {
    if (piece.length > 0) yield piece;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      yield value;
    }
  }

  async function close(): Promise<void> {
    await iterator.return?.();
  }

  try {
    const reading = readingHeader(path);
    let step = reading.next();
    while (!step.done) step = reading.next(await take(step.value));
    return { header: step.value, body: rest(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
