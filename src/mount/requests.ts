import type { Device } from './device.ts';
import { largestRequest } from './init.ts';
import { listen } from './listening.ts';

/** Beside the data of a write there are its header and struct; the kernel wants room for either. */
const bufferSize = largestRequest + 4096;
// A request up to this size is copied, so that the next is read into the same large buffer.
const smallRequest = 8192;
// Large buffers that are kept for the next request.
const mostSpare = 2;
// Requests that are read one after the other before the event loop goes on to what else it has to do.
const mostInTurn = 64;

/** Hands each request to `handle` until the mount is gone, and resolves when all have been dealt with. `handle` must not
 *  reject; the bytes it gets are its own until what it returns resolves. `unmounted` is called at once when the mount is
 *  gone. */
export async function readRequests(
  device: Device,
  handle: (message: Uint8Array) => Promise<void> | undefined,
  unmounted: () => void,
): Promise<void> {
  const spare: Uint8Array[] = [];
  const ongoing = new Set<Promise<void>>();
  const take = (): Uint8Array => spare.pop() ?? new Uint8Array(bufferSize);
  let buffer = take();

  function track(work: Promise<void>, large: Uint8Array | null): void {
    const tracked = work.then(() => {
      ongoing.delete(tracked);
      if (large && spare.length < mostSpare) spare.push(large);
    });
    ongoing.add(tracked);
  }

  function start(length: number): void {
    if (length <= smallRequest) {
      const work = handle(buffer.slice(0, length));
      if (work) track(work, null);
    } else {
      const work = handle(buffer.subarray(0, length));
      if (!work) return;
      track(work, buffer);
      buffer = take();
    }
  }

  function read(): number | null {
    for (let count = 0; count < mostInTurn; count++) {
      const length = device.read(buffer);
      if (length === null) return null;
      if (length === 0) return count;
      start(length);
    }
    return mostInTurn;
  }

  const looking = { read, most: mostInTurn, isAnswering: () => ongoing.size > 0 };
  await listen(device, looking).finally(unmounted);
  await Promise.all(ongoing);
}
