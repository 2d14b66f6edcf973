import { type Bytes, watched } from '../core/bytes.ts';

/** The same bytes; `onPiece` is told the length of each piece that is asked for. */
export function counted(bytes: Bytes, onPiece: (length: number) => void): Bytes {
  return watched(bytes, { onPiece: (piece) => onPiece(piece.length) });
}
