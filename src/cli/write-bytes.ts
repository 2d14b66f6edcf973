import type { Bytes } from '../core/bytes.ts';
import type { Output } from './io.ts';

/** Writes a stream to its end; one piece is written while the next is made. */
export async function writeBytes(output: Pick<Output, 'write'>, bytes: Bytes): Promise<void> {
  let writing: Promise<void> | undefined;
  for await (const piece of bytes) {
    await writing;
    writing = output.write(piece);
    // It is awaited above and below; until then its failure waits.
    writing.catch(() => {});
  }
  await writing;
}
