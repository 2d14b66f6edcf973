import { createHash } from 'node:crypto';
import type { Bytes, Source } from '../core/bytes.ts';
import type { Expectation } from './verified-source.ts';

/** A source that is hashed while it is read. */
export interface DigestingSource extends Source {
  /** What all of it is: known where it has been read whole, else it is read once more. */
  digest(): Promise<Expectation>;
}

export function digestingSource(source: Source): DigestingSource {
  let known: Expectation | null = null;

  async function* hashed(bytes: Bytes): AsyncGenerator<Uint8Array, Expectation> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of bytes) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
    known = { size, sha256: hash.digest('hex') };
    return known;
  }
  return {
    size: source.size,
    replayable: source.replayable,
    open(range) {
      const end = range?.end ?? Number.POSITIVE_INFINITY;
      const isWhole = (range?.start ?? 0) === 0 && end >= (source.size ?? Number.POSITIVE_INFINITY);
      return isWhole ? hashed(source.open(range)) : source.open(range);
    },
    async digest() {
      if (known) return known;
      const reading = hashed(source.open());
      for (;;) {
        const { done, value } = await reading.next();
        if (done) return value;
      }
    },
  };
}
