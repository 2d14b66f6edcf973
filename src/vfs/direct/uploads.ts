import { messageOf } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import type { Pending } from '../content.ts';
import { drainAll, pendingOf } from '../pending.ts';

/** A file that may have something to upload. */
export interface Uploadable {
  readonly path: string;
  readonly size: number;
  readonly isDirty: boolean;
  upload(): Promise<void>;
}

/** What is to be uploaded, and when it is tried again. */
export interface Uploads {
  add(file: Uploadable): void;
  remove(file: Uploadable): void;
  /** Uploads in the background, after a failure again and again. */
  start(file: Uploadable): void;
  /** Takes note of a failed try, and tries again in the background. */
  failed(file: Uploadable, error: unknown): void;
  pending(): Pending;
  drain(signal?: AbortSignal): Promise<void>;
  /** Gives up what is still waiting. */
  stop(): void;
}

export interface RetryTimes {
  /** Milliseconds before the second try; each later one waits twice as long, up to `last`. */
  readonly first: number;
  readonly last: number;
}

const sideBySide = 4;

export function createUploads(report: Report, times: RetryTimes): Uploads {
  const files = new Set<Uploadable>();
  const failures = new Map<Uploadable, { message: string; delay: number; timer: NodeJS.Timeout | undefined }>();
  let isStopped = false;

  const dirty = (): Uploadable[] => [...files].filter((file) => file.isDirty);

  function forget(file: Uploadable): void {
    clearTimeout(failures.get(file)?.timer);
    failures.delete(file);
  }

  async function attempt(file: Uploadable): Promise<void> {
    try {
      await file.upload();
      forget(file);
    } catch (error) {
      note(file, error);
    }
  }

  function note(file: Uploadable, error: unknown): void {
    const before = failures.get(file);
    clearTimeout(before?.timer);
    const delay = before ? Math.min(before.delay * 2, times.last) : times.first;
    const timer = isStopped ? undefined : setTimeout(() => void attempt(file), delay).unref();
    failures.set(file, { message: messageOf(error), delay, timer });
    report.error(file.path, `not uploaded, will be tried again: ${messageOf(error)}`);
  }

  const draining = { left: dirty, attempt, sideBySide, firstRetry: times.first, lastRetry: times.last };

  return {
    add: (file) => void files.add(file),
    remove(file) {
      forget(file);
      files.delete(file);
    },
    start: (file) => void attempt(file),
    failed: note,
    pending: () => pendingOf(dirty(), (file) => failures.get(file)?.message),
    drain: (signal) => drainAll(draining, signal),
    stop() {
      isStopped = true;
      for (const { timer } of failures.values()) clearTimeout(timer);
    },
  };
}
