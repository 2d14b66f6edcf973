import type { Bytes } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import { Failure } from '../../core/failure.ts';
import type { Task } from './api.ts';

/** The stream, if it has the `size` that was announced; null takes any. Throws Failure('changed') else, and
 *  Failure('cancelled') at once when the task is cancelled, even while the stream keeps it waiting. */
export async function* exactly(bytes: Bytes, size: number | null, task: Task): Bytes {
  let length = 0;
  for await (const piece of untilCancelled(bytes, task)) {
    length += piece.length;
    if (size !== null && length > size) throw wrongSize(task.path, `more than its ${size}`);
    yield piece;
  }
  if (size !== null && length < size) throw wrongSize(task.path, `only ${length} of its ${size}`);
}

export function wrongSize(path: string, gave: string): Failure {
  const message = `cannot write ${path}: the source gave ${gave} bytes: it changed while it was read`;
  return new Failure('changed', message, { path });
}

async function* untilCancelled(bytes: Bytes, { signal, path }: Task): Bytes {
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
