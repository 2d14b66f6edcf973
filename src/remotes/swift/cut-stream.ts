import { type Bytes, onceSource, type Source } from '../../core/bytes.ts';

/** A stream in parts of `size` bytes, the last one shorter; an empty stream has none. Each part must be read to its end
 *  before the next is asked for. */
export async function* cutStream(bytes: Bytes, size: number): AsyncGenerator<Source> {
  const iterator = bytes[Symbol.asyncIterator]();
  let left: Uint8Array | null = null;
  const next = async (): Promise<Uint8Array | null> => {
    const piece = left ?? ((await iterator.next()).value as Uint8Array | undefined) ?? null;
    left = null;
    return piece;
  };

  async function* part(): Bytes {
    for (let given = 0; given < size; ) {
      const piece = await next();
      if (piece === null) return;
      const wanted = piece.subarray(0, size - given);
      if (wanted.length < piece.length) left = piece.subarray(wanted.length);
      given += wanted.length;
      yield wanted;
    }
  }

  try {
    for (left = await next(); left !== null; left = await next()) yield onceSource(part());
  } finally {
    await iterator.return?.();
  }
}
