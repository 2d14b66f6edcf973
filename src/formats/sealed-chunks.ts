import { Failure } from '../core/failure.ts';

/** Remembers what the chunks of one file were sealed to, four bytes of each. A nonce is good for one content: whoever saw two
 *  sealed under it would learn where and how they differ. */
export class SealedChunks {
  #tags = new Uint32Array(1);

  /** Throws Failure('changed') where chunk `index` was sealed before, from other bytes. `tag` is the one that authenticates it. */
  require(index: number, tag: Uint8Array): void {
    if (index >= this.#tags.length) this.#grow(index + 1);
    const seen = this.#tags[index];
    // 0 stands for a chunk that was not sealed yet.
    const now = Buffer.from(tag.buffer, tag.byteOffset, 4).readUInt32LE() || 1;
    if (seen !== 0 && seen !== now) throw new Failure('changed', 'it was changed while it was read');
    this.#tags[index] = now;
  }

  #grow(length: number): void {
    const tags = new Uint32Array(Math.max(length, 2 * this.#tags.length));
    tags.set(this.#tags);
    this.#tags = tags;
  }
}
