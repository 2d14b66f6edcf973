import { messageOf } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import type { Pending } from '../content.ts';
import { drainAll, pendingOf } from '../pending.ts';
import { createDelayQueue } from './delay-queue.ts';

/** A file that has something to upload. */
export interface Uploadable {
  readonly path: string;
  readonly size: number;
  readonly isDirty: boolean;
  /** Whether nothing is being written to it. */
  readonly isSettled: boolean;
  /** One try; resolves without one where nothing is left to upload, and where `cut` ended it. */
  upload(): Promise<void>;
  /** Ends the try that is under way. */
  cut(): void;
}

/** What is to be uploaded, when, and when again. */
export interface WriteBack {
  /** Counts the file as pending until it is clean. To be called at each change of it. */
  add(file: Uploadable): void;
  remove(file: Uploadable): void;
  /** Uploads the file after `WriteBackTimes.delay`, counted anew with each call, and tries again until it stands. */
  schedule(file: Uploadable): void;
  pending(): Pending;
  /** Uploads all that is dirty now. Throws Failure('cancelled'). */
  drain(signal?: AbortSignal): Promise<void>;
  /** Ends what is under way and begins nothing any more. */
  stop(): Promise<void>;
}

export interface WriteBackTimes {
  /** Milliseconds from the last close to the first try (`--vfs-write-back`). */
  readonly delay: number;
  /** Milliseconds before the second try; each later one waits twice as long, up to `lastRetry`. */
  readonly firstRetry: number;
  readonly lastRetry: number;
}

const sideBySide = 4;

// Who makes and writes files waits for each answer, an upload waits for nobody. So while files change, in milliseconds:
const busyFor = 50;
// one is begun at a time, which is more than a far store takes,
const pace = 5;
// unless so many wait that they would fill the memory.
const mostPaced = 10_000;

export function createWriteBack(times: WriteBackTimes, report: Report): WriteBack {
  const files = new Set<Uploadable>();
  const retries = new Map<Uploadable, NodeJS.Timeout>();
  const failures = new Map<Uploadable, { readonly message: string; readonly delay: number }>();
  const ready = new Set<Uploadable>();
  const running = new Map<Uploadable, Promise<void>>();
  const waiting = createDelayQueue(times.delay, makeReady);
  let changedAt = Number.NEGATIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let paced: NodeJS.Timeout | undefined;
  let isStopped = false;

  const dirty = (): Uploadable[] => [...files].filter((file) => file.isDirty);

  function clear(file: Uploadable): void {
    clearTimeout(retries.get(file));
    retries.delete(file);
    waiting.delete(file);
    ready.delete(file);
  }

  function retry(file: Uploadable, delay: number): void {
    clear(file);
    if (isStopped) return;
    const timer = setTimeout(() => {
      retries.delete(file);
      makeReady(file);
    }, delay);
    retries.set(file, timer.unref());
  }

  function makeReady(file: Uploadable): void {
    ready.add(file);
    startReady();
  }

  function startReady(): void {
    for (const file of ready) {
      if (running.size >= sideBySide || isPaced()) return;
      ready.delete(file);
      // Who writes to it now calls again at the close.
      if (!file.isSettled || running.has(file)) continue;
      begunAt = performance.now();
      const run = attempt(file).finally(() => {
        running.delete(file);
        startReady();
      });
      running.set(file, run);
    }
  }

  /** Whether the next upload has to wait; then it is begun later. */
  function isPaced(): boolean {
    const now = performance.now();
    const left = begunAt + pace - now;
    if (left <= 0 || now - changedAt > busyFor || ready.size > mostPaced) return false;
    paced ??= setTimeout(() => {
      paced = undefined;
      startReady();
    }, left).unref();
    return true;
  }

  async function attempt(file: Uploadable): Promise<void> {
    try {
      await file.upload();
      failures.delete(file);
    } catch (error) {
      const before = failures.get(file);
      const delay = before ? Math.min(before.delay * 2, times.lastRetry) : times.firstRetry;
      failures.set(file, { message: messageOf(error), delay });
      report.error(file.path, `not uploaded, will be tried again: ${messageOf(error)}`);
      retry(file, delay);
    }
  }

  function cutAll(): void {
    for (const file of files) file.cut();
  }

  const draining = { left: dirty, attempt, sideBySide, firstRetry: times.firstRetry, lastRetry: times.lastRetry };

  return {
    add(file) {
      files.add(file);
      changedAt = performance.now();
    },
    remove(file) {
      clear(file);
      failures.delete(file);
      files.delete(file);
    },
    schedule(file) {
      clear(file);
      if (!isStopped) waiting.add(file);
    },
    pending: () => pendingOf(dirty(), (file) => failures.get(file)?.message),
    async drain(signal) {
      signal?.addEventListener('abort', cutAll, { once: true });
      try {
        await drainAll(draining, signal);
      } finally {
        signal?.removeEventListener('abort', cutAll);
      }
    },
    async stop() {
      isStopped = true;
      clearTimeout(paced);
      for (const file of files) clear(file);
      cutAll();
      await Promise.all(running.values());
    },
  };
}
