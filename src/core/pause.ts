import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancellation } from './cancel.ts';
import { timerDelay } from './timer.ts';

/** Waits; throws the signal's failure, or Failure('cancelled'), once it aborts. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  // As many wait as files are transferred at a time: that is no leak, and node's warning would reach the user.
  if (signal) setMaxListeners(0, signal);
  try {
    await sleep(timerDelay(milliseconds), undefined, { signal });
  } catch {
    throw cancellation(signal);
  }
}
