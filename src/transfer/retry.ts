import type { Awaitable } from '../core/awaitable.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { pause } from '../core/pause.ts';
import type { Session } from './session.ts';

/** Does `work` on one file, and again after a failure that may pass: `--low-level-retries` times in all. */
export async function withRetries<T>(
  session: Session,
  path: string,
  work: (attempt: number) => Awaitable<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      throwIfCancelled(session.signal, path);
      if (!isFailure(error) || !error.retryable || attempt >= session.options.lowLevelRetries) throw error;
      session.report.debug(path, `Received error: ${messageOf(error)} - low level retry ${attempt}`);
      await pause(error.retryAfter ?? Math.min(2 ** attempt * 10, 2000), session.signal);
    }
  }
}
