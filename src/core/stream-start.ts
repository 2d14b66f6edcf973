import { type Bytes, concat, onceSource, type Source } from './bytes.ts';

/** The first bytes of a stream, read to see whether there are more. */
export interface StreamStart {
  readonly bytes: Uint8Array;
  /** True when these are all. */
  readonly isWhole: boolean;
  readonly iterator: AsyncIterator<Uint8Array>;
}

/** Reads until the stream ends or more than `limit` bytes are there. */
export async function startOf(bytes: Bytes, limit: number): Promise<StreamStart> {
  const iterator = bytes[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (size <= limit) {
    const { done, value } = await iterator.next();
    if (done) return { bytes: concat(pieces), isWhole: true, iterator };
    pieces.push(new Uint8Array(value));
    size += value.length;
  }
  return { bytes: concat(pieces), isWhole: false, iterator };
}

/** The whole stream again, to be read once. */
export function wholeStream({ bytes, iterator }: StreamStart): Source {
  return onceSource(
    (async function* () {
      try {
        yield bytes;
        for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
      } finally {
        await iterator.return?.();
      }
    })(),
  );
}
