import type { Report } from '../../core/report.ts';
import type { Pending } from '../content.ts';
import { createUploads, type RetryTimes, sideBySide, type Uploadable as Tried } from '../uploads.ts';
import { createDelayQueue } from './delay-queue.ts';

/** A file that has something to upload. */
export interface Uploadable extends Tried {
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
  /** The same when somebody has closed it; but where nothing was changed since the last call, a file that waits already goes on
   *  waiting: who only reads puts nothing off. */
  closed(file: Uploadable): void;
  pending(): Pending;
  /** Uploads all that is dirty now. */
  drain(): Promise<void>;
  /** Ends what is under way and begins nothing any more. */
  stop(): Promise<void>;
}

export interface WriteBackTimes extends RetryTimes {
  /** Milliseconds from the last close to the first try (`--vfs-write-back`). */
  readonly delay: number;
}

// Whoever makes and writes files waits for each answer, an upload waits for nobody. So while files change, in milliseconds:
const busyFor = 50;
// one is begun at a time, which is more than a far store takes,
const pace = 5;
// unless so many wait that they would fill the memory.
const mostPaced = 10_000;

export function createWriteBack(times: WriteBackTimes, report: Report): WriteBack {
  const uploads = createUploads<Uploadable>(times, report, makeReady);
  const ready = new Set<Uploadable>();
  const running = new Map<Uploadable, Promise<void>>();
  // Since they were closed last.
  const changed = new Set<Uploadable>();
  const waiting = createDelayQueue(times.delay, makeReady);
  let changedAt = Number.NEGATIVE_INFINITY;
  let begunAt = Number.NEGATIVE_INFINITY;
  let paced: NodeJS.Timeout | undefined;
  let isStopped = false;

  function clear(file: Uploadable): void {
    uploads.cancel(file);
    waiting.delete(file);
    ready.delete(file);
  }

  function schedule(file: Uploadable): void {
    clear(file);
    if (!isStopped) waiting.add(file);
  }

  const isQueued = (file: Uploadable): boolean => waiting.has(file) || ready.has(file) || uploads.willRetry(file);

  function makeReady(file: Uploadable): void {
    ready.add(file);
    startReady();
  }

  function startReady(): void {
    for (const file of ready) {
      if (running.size >= sideBySide || isPaced()) return;
      ready.delete(file);
      // Whoever writes to it now calls again at the close.
      if (!file.isSettled || running.has(file)) continue;
      begunAt = performance.now();
      const run = uploads.attempt(file).finally(() => {
        running.delete(file);
        // It was cut, and is as due as it was.
        if (file.isDirty && !isQueued(file) && !isStopped) waiting.add(file);
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

  return {
    add(file) {
      uploads.add(file);
      changed.add(file);
      changedAt = performance.now();
    },
    remove(file) {
      clear(file);
      changed.delete(file);
      uploads.remove(file);
    },
    schedule,
    closed(file) {
      if (changed.delete(file) || !isQueued(file)) schedule(file);
    },
    pending: uploads.pending,
    drain: uploads.drain,
    async stop() {
      isStopped = true;
      uploads.stop();
      clearTimeout(paced);
      for (const file of uploads.files) {
        clear(file);
        file.cut();
      }
      await Promise.all(running.values());
    },
  };
}
