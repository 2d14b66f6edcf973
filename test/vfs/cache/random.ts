/** Numbers and bytes that follow from a seed alone (mulberry32). */
export function random(seed: number): { below(limit: number): number; bytes(length: number): Uint8Array } {
  let state = seed;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    below: (limit) => Math.floor(next() * limit),
    bytes: (length) => {
      const words = new Uint32Array(Math.ceil(length / 4)).map(() => next() * 2 ** 32);
      return new Uint8Array(words.buffer, 0, length);
    },
  };
}

export interface Write {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** The n-th write to a file of the crash tests: within 20 blocks. */
export function writeOf(seed: number, file: number, n: number): Write {
  const { below, bytes } = random(seed * 1000 + file * 31 + n * 7919);
  const block = 1 << 16;
  return { offset: below(2) === 0 ? below(17) * block : below(17 * block), data: bytes(1 + below(3 * block)) };
}

/** The file after the first `count` of its writes. */
export function fileAfter(seed: number, file: number, count: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(0);
  for (let n = 0; n < count; n++) {
    const { offset, data } = writeOf(seed, file, n);
    const next = new Uint8Array(Math.max(bytes.length, offset + data.length));
    next.set(bytes);
    next.set(data, offset);
    bytes = next;
  }
  return bytes;
}
