import { createReadStream, fstatSync } from 'node:fs';
import { type Bytes, pieceSize } from '../core/bytes.ts';
import { Failure } from '../core/failure.ts';

/** The bytes of standard input. Throws Failure('usage') when it is a terminal: nothing was put there to be read. */
export function standardInput(): Bytes {
  if (fstatSync(0).isCharacterDevice()) {
    throw new Failure('usage', 'nothing to read from standard input (stdin): pipe something in');
  }
  return anyInput();
}

/** The bytes of standard input, whatever that is: a terminal, or /dev/null. */
export function anyInput(): Bytes {
  return createReadStream('', { fd: 0, autoClose: false, highWaterMark: pieceSize });
}

/** The first line of standard input. */
export async function firstInputLine(): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of standardInput()) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}
