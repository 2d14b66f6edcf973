import { type Bytes, noBytes } from '../core/bytes.ts';

/** Whether two streams hold the same bytes, however they are cut into pieces. Stops at the first difference. */
export async function sameBytes(a: Bytes, b: Bytes): Promise<boolean> {
  const [left, right] = [createCursor(a), createCursor(b)];
  try {
    for (;;) {
      await Promise.all([left.fill(), right.fill()]);
      const length = Math.min(left.rest.length, right.rest.length);
      if (length === 0) return left.rest.length === right.rest.length;
      if (Buffer.compare(left.rest.subarray(0, length), right.rest.subarray(0, length)) !== 0) return false;
      left.rest = left.rest.subarray(length);
      right.rest = right.rest.subarray(length);
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}

interface Cursor {
  /** What is left of the piece at hand; empty at the end of the stream, once `fill` has resolved. */
  rest: Uint8Array;
  fill(): Promise<void>;
  close(): Promise<void>;
}

function createCursor(bytes: Bytes): Cursor {
  const iterator = bytes[Symbol.asyncIterator]();
  return {
    rest: noBytes,
    async fill() {
      while (this.rest.length === 0) {
        const next = await iterator.next();
        if (next.done) return;
        this.rest = next.value;
      }
    },
    async close() {
      await iterator.return?.();
    },
  };
}
