import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import type { Pending } from './content.ts';

interface Uploadable {
  readonly path: string;
  readonly size: number;
}

/** What `left`, the files that are not uploaded, come to; `messageOf` tells the last failure of one. */
export function pendingOf<F extends Uploadable>(
  left: readonly F[],
  messageOf: (file: F) => string | undefined,
): Pending {
  return {
    files: left.length,
    bytes: left.reduce((sum, { size }) => sum + size, 0),
    failures: left.flatMap((file) => {
      const message = messageOf(file);
      return message === undefined ? [] : [{ path: file.path, message }];
    }),
  };
}

export interface Draining<F> {
  /** What is still to be uploaded. */
  left(): readonly F[];
  /** One try; never rejects. */
  attempt(file: F): Promise<void>;
  /** How many are tried side by side. */
  readonly sideBySide: number;
  /** Milliseconds before the second round; each later one waits twice as long, up to `lastRetry`. */
  readonly firstRetry: number;
  readonly lastRetry: number;
}

/** Tries again and again until nothing is left. Throws Failure('cancelled'). */
export async function drainAll<F>(draining: Draining<F>, signal?: AbortSignal): Promise<void> {
  const { left, attempt, sideBySide, firstRetry, lastRetry } = draining;
  for (let delay = firstRetry; left().length > 0; delay = Math.min(delay * 2, lastRetry)) {
    await forEachParallel(left(), sideBySide, signal, attempt);
    if (left().length > 0) await pause(delay, signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { ...(signal && { signal }) });
  } catch (error) {
    throw new Failure('cancelled', 'cancelled while files wait to be uploaded', { cause: error });
  }
}
