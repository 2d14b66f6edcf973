import type { Bytes } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { Task } from './api.ts';

/** The stream; Failure('cancelled') at once when the task is cancelled, even while the stream keeps it waiting. */
export async function* untilCancelled(bytes: Bytes, { signal, path }: Task): Bytes {
  const iterator = bytes[Symbol.asyncIterator]();
  let stop: () => void = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  signal?.addEventListener('abort', stop);
  try {
    while (true) {
      throwIfCancelled(signal, path);
      const next = await Promise.race([iterator.next(), stopped]);
      if (next?.done) return;
      if (next) yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    const closed = iterator.return?.();
    // A stream that keeps us waiting would also keep its end waiting.
    if (!signal?.aborted) await closed;
  }
}
