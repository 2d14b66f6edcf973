import { pieceSize } from '../../core/bytes.ts';

// Enough for eight files at a time; a fresh buffer costs the system 256 page faults.
const kept = 16;
const free: Uint8Array[] = [];

/** A buffer of one piece, with whatever is in it. */
export function borrowBuffer(): Uint8Array {
  return free.pop() ?? new Uint8Array(Buffer.allocUnsafeSlow(pieceSize).buffer);
}

/** Takes back a buffer that nobody looks at any more. */
export function returnBuffer(buffer: Uint8Array): void {
  if (free.length < kept) free.push(buffer);
}
