import { keySize, tagSize } from './secretbox.ts';

/** What seals and opens under a nonce and a key of 32 bytes, with a tag of 16 at one end of the box. */
export interface Box {
  seal(out: Uint8Array, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  open(out: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
}

// Bytes from which on a quick implementation saves more time than it takes to load.
const worthLoading = 16 << 20;

/** Tells which implementation is to do `length` bytes more: `first`, and what `load` gives once they are enough for that. */
export function whenWorthIt<T>(first: T, load: () => T): (length: number) => T {
  let current = first;
  let done = 0;
  return (length) => {
    if (done < worthLoading) {
      done += length;
      if (done >= worthLoading) current = load();
    }
    return current;
  };
}

/** What `load` gives, null where it throws. */
export function unlessBroken<T>(load: () => T | null): T | null {
  try {
    return load();
  } catch {
    return null;
  }
}

/** Whether `quick` seals and opens as `sure` does, around the lengths of the ciphers' blocks, and opens nothing else. */
export function computesTheSame(quick: Box, sure: Box, nonceSize: number): boolean {
  const key = new Uint8Array(keySize).fill(1);
  const nonce = new Uint8Array(nonceSize).fill(2);
  return [1, 16, 31, 32, 33, 64, 100, 1000].every((length) => {
    const plain = Uint8Array.from({ length }, (_, index) => index);
    const [expected, box] = [new Uint8Array(length + tagSize), new Uint8Array(length + tagSize)];
    sure.seal(expected, plain, nonce, key);
    quick.seal(box, plain, nonce, key);
    const opened = new Uint8Array(length);
    if (Buffer.compare(box, expected) !== 0 || !quick.open(opened, box, nonce, key)) return false;
    return Buffer.compare(opened, plain) === 0 && [0, box.length - 1].every((at) => !opensChanged(at));

    function opensChanged(at: number): boolean {
      const changed = box.slice();
      changed[at] = (changed[at] as number) ^ 1;
      return quick.open(opened, changed, nonce, key);
    }
  });
}
