import type { Awaitable } from '../core/awaitable.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import { isFailure, messageOf } from '../core/failure.ts';
import { nowInNanoseconds } from '../core/now.ts';
import { pause } from '../core/pause.ts';
import { formatRfc3339 } from '../core/rfc3339.ts';
import type { Session } from './session.ts';

// A longer wait would be taken for a hang.
const longestUntold = 60_000;

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
      const delay = Math.max(error.retryAfter ?? 0, Math.min(2 ** attempt * 10, 2000));
      if (delay > longestUntold) {
        const until = formatRfc3339(nowInNanoseconds() + BigInt(Math.round(delay)) * 1_000_000n, 0);
        session.report.notice(path, `Received retry after error - sleeping until ${until}: ${messageOf(error)}`);
      }
      await pause(delay, session.signal);
    }
  }
}
