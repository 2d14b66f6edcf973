import { setTimeout as sleep } from 'node:timers/promises';
import { isFailure, messageOf } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import type { Report } from '../core/report.ts';
import type { Pending } from './content.ts';

/** A file that may have something to upload. */
export interface Uploadable {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly isDirty: boolean;
  /** One try. */
  upload(): Promise<void>;
}

/** The files of a Vfs that may have something to upload, each tried until it stands. */
export interface Uploads<F extends Uploadable> {
  readonly files: ReadonlySet<F>;
  add(file: F): void;
  remove(file: F): void;
  /** One try, which never rejects: as `failed` where it does. */
  attempt(file: F): Promise<void>;
  /** Takes note of a try that failed, tells the user, and has it tried again later. */
  failed(file: F, error: unknown): void;
  /** Whether it is tried again by itself. */
  willRetry(file: F): boolean;
  /** It is tried again by whoever calls this, and not by itself. */
  cancel(file: F): void;
  pending(): Pending;
  /** Tries all that is dirty, again and again until nothing is left but what no try can mend. */
  drain(): Promise<void>;
  /** Nothing is tried again by itself any more. */
  stop(): void;
}

export interface RetryTimes {
  /** Milliseconds before the second try; each later one waits twice as long, up to `lastRetry`. */
  readonly firstRetry: number;
  readonly lastRetry: number;
}

/** How many are uploaded side by side. */
export const sideBySide = 4;

/** `again` is called for a file when it is to be tried again. */
export function createUploads<F extends Uploadable>(
  { firstRetry, lastRetry }: RetryTimes,
  report: Report,
  again: (file: F) => void,
): Uploads<F> {
  const files = new Set<F>();
  const failures = new Map<F, { readonly message: string; readonly delay: number; readonly isFinal: boolean }>();
  const timers = new Map<F, NodeJS.Timeout>();
  let isStopped = false;

  const dirty = (): F[] => [...files].filter((file) => file.isDirty);
  const twice = (delay: number): number => Math.min(delay * 2, lastRetry);

  function cancel(file: F): void {
    clearTimeout(timers.get(file));
    timers.delete(file);
  }

  async function attempt(file: F): Promise<void> {
    try {
      await file.upload();
      cancel(file);
      failures.delete(file);
    } catch (error) {
      failed(file, error);
    }
  }

  function failed(file: F, error: unknown): void {
    cancel(file);
    const before = failures.get(file);
    const delay = before ? twice(before.delay) : firstRetry;
    failures.set(file, { message: messageOf(error), delay, isFinal: isFinal(error) });
    report.error(file.path, `not uploaded, will be tried again: ${messageOf(error)}`);
    if (isStopped) return;
    const retry = (): void => {
      timers.delete(file);
      again(file);
    };
    timers.set(file, setTimeout(retry, delay).unref());
  }

  return {
    files,
    add: (file) => void files.add(file),
    remove(file) {
      cancel(file);
      failures.delete(file);
      files.delete(file);
    },
    attempt,
    failed,
    willRetry: (file) => timers.has(file),
    cancel,
    pending: () => pendingOf(dirty(), (file) => failures.get(file)?.message),
    async drain() {
      let left = dirty();
      for (let delay = firstRetry; left.length > 0; delay = twice(delay)) {
        await forEachParallel(left, sideBySide, undefined, attempt);
        left = dirty().filter((file) => !failures.get(file)?.isFinal);
        if (left.length > 0) await sleep(delay);
      }
    },
    stop() {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** Whether only the user can help: what the file was made from is gone, the cache has lost of it, or no store takes it. */
function isFinal(error: unknown): boolean {
  return isFailure(error, 'changed', 'corrupt', 'too-large') && !error.retryable;
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
