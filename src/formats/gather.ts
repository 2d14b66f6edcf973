import { type Bytes, noBytes, pieceSize } from '../core/bytes.ts';

// A piece that is nearly a whole one is not worth a copy.
const largeSize = pieceSize / 2;

/** The same bytes in pieces of about 1 MiB: small ones are joined. */
export async function* gather(bytes: Bytes): AsyncGenerator<Uint8Array> {
  let joined: Uint8Array = noBytes;
  let filled = 0;
  // Whether the piece given last is its producer's, who may write there again when the next but one is asked for.
  let isLent = false;
  for await (const piece of bytes) {
    if (filled + piece.length > joined.length && filled > 0) {
      yield joined.subarray(0, filled);
      joined = noBytes;
      filled = 0;
    }
    if (filled === 0 && (isLent || piece.length >= largeSize)) {
      isLent = piece.length >= largeSize;
      yield isLent ? piece : Uint8Array.from(piece);
      continue;
    }
    if (joined.length === 0) joined = Buffer.allocUnsafe(pieceSize);
    joined.set(piece, filled);
    filled += piece.length;
  }
  if (filled > 0) yield joined.subarray(0, filled);
}
