import type { Bytes } from '../../core/bytes.ts';
import { readerOf } from '../byte-reader.ts';
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
  const reader = readerOf(bytes);
  try {
    const reading = readingHeader(path);
    let step = reading.next();
    while (!step.done) step = reading.next(await reader.take(step.value));
    return { header: step.value, body: reader.rest(), close: reader.close };
  } catch (error) {
    await reader.close();
    throw error;
  }
}
