import type { TransportSettings } from '../../core/backend.ts';
import { type Failure, isFailure } from '../../core/failure.ts';
import { pause } from '../../core/pause.ts';
import type { Report } from '../../core/report.ts';

// rclone's pacer for S3 and Swift: 10 ms, doubled with each fault, at most 2 s.
const shortestDelay = 10;
const longestDelay = 2_000;
// After 10 ms a store that counts requests would refuse most of them again.
const shortestDelayOfBusy = 100;
// A longer wait that the store asks for is left to the retries of the whole transfer.
const longestObeyed = 60_000;

/** Runs `attempt` up to `--low-level-retries` times, while it throws a retryable Failure. Waits twice as long each time,
 *  with jitter, or as long as the store asked and up to half of that more. `what` names the work in the debug log. */
export async function withRetries<T>(
  settings: Pick<TransportSettings, 'lowLevelRetries'>,
  report: Report,
  what: string,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isFailure(error) || !error.retryable || tries >= settings.lowLevelRetries) throw error;
      const delay = retryDelay(error, tries);
      if (delay === null) throw error;
      report.debug(
        what,
        `try ${tries} of ${settings.lowLevelRetries}: ${error.message}; again in ${Math.round(delay)} ms`,
      );
      await pause(delay, signal);
    }
  }
}

/** Milliseconds to wait after the fault number `tries`; null when the store asks for more than is reasonable here. */
export function retryDelay(failure: Failure, tries: number, random: () => number = Math.random): number | null {
  const shortest = failure.retryAfter === undefined ? shortestDelay : shortestDelayOfBusy;
  const backOff = Math.min(longestDelay, shortest * 2 ** (tries - 1)) * (0.5 + random());
  if (failure.retryAfter === undefined) return backOff;
  if (failure.retryAfter > longestObeyed) return null;
  // All that were refused at once are told the same: together again, all but a few would be refused again.
  return Math.max(failure.retryAfter * (1 + random() / 2), backOff);
}

// No timer holds more than some weeks.
const longestPlausible = 86_400_000;

/** Milliseconds that a server asks us to wait by its Retry-After, a day at most: seconds, or a date (RFC 9110, section
 *  10.2.3). Undefined where it does not. */
export function readRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const delay = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(delay) ? undefined : Math.min(longestPlausible, Math.max(0, delay));
}
