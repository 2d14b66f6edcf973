import { noBytes, pieceSize } from '../../core/bytes.ts';

/** Puts a body together in pieces of `pieceSize`, the last one shorter, in three buffers: while one piece is written, and the
 *  next one is worked on, the third is filled. */
export class BodyPieces {
  readonly #size: number;
  readonly #buffers: Uint8Array[] = [];
  #filling = 0;
  #filled = 0;
  #isFull = false;

  /** `size`: bytes that a piece will have at most, where the body is a small one. */
  constructor(size: number) {
    this.#size = Math.min(size, pieceSize);
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Where the next bytes go. While a full piece waits to be taken this is the room behind it, not to be written yet. */
  room(): Uint8Array {
    const index = this.#isFull ? (this.#filling + 1) % 3 : this.#filling;
    const buffer = this.#buffers[index] ?? new Uint8Array(this.#size);
    this.#buffers[index] = buffer;
    return this.#isFull || this.#filled === 0 ? buffer : buffer.subarray(this.#filled);
  }

  /** So many bytes were put into the room. */
  fill(length: number): void {
    this.#filled += length;
    this.#isFull = this.#filled === this.#size;
  }

  /** What there is, empty or not; it stays as it is until the next but one is taken. */
  take(): Uint8Array {
    const piece = this.#buffers[this.#filling]?.subarray(0, this.#filled) ?? noBytes;
    if (piece.length > 0) this.#filling = (this.#filling + 1) % 3;
    this.#filled = 0;
    this.#isFull = false;
    return piece;
  }
}
