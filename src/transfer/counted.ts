import type { Bytes } from '../core/bytes.ts';

/** The same bytes; `onPiece` is told the length of each piece that is asked for. */
export async function* counted(bytes: Bytes, onPiece: (length: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    onPiece(piece.length);
    yield piece;
  }
}
