import type { Device } from './device.ts';
import { largestRequest } from './init.ts';

// Each waits in a thread of its own: while one request is decoded, the next is already being read.
const readers = 2;
/** Beside the data of a write there are its header and struct; the kernel wants room for either. */
const bufferSize = largestRequest + 4096;
// A request up to this size is copied, so that its reader goes on with the same large buffer.
const smallRequest = 8192;

/** Hands each request to `handle` until the mount is gone, and resolves when all have been dealt with. `handle` must not
 *  reject; the bytes it gets are its own until it resolves. `unmounted` is called at once when the mount is gone. */
export async function readRequests(
  device: Device,
  handle: (message: Uint8Array) => Promise<void>,
  unmounted: () => void,
): Promise<void> {
  const spare: Uint8Array[] = [];
  const ongoing = new Set<Promise<void>>();
  const take = (): Uint8Array => spare.pop() ?? new Uint8Array(bufferSize);

  function track(work: Promise<void>, buffer: Uint8Array | null): void {
    const tracked = work.then(() => {
      ongoing.delete(tracked);
      if (buffer && spare.length < readers) spare.push(buffer);
    });
    ongoing.add(tracked);
  }

  async function readOn(): Promise<void> {
    let buffer = take();
    for (;;) {
      const length = await device.read(buffer);
      if (length === null) return;
      if (length <= smallRequest) {
        track(handle(buffer.slice(0, length)), null);
      } else {
        track(handle(buffer.subarray(0, length)), buffer);
        buffer = take();
      }
    }
  }

  try {
    await Promise.all(Array.from({ length: readers }, readOn));
  } finally {
    unmounted();
    await Promise.all(ongoing);
  }
}
