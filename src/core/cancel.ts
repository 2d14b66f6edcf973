import { Failure } from './failure.ts';

/** The failure that an aborted signal asks for. */
export function cancellation(signal: AbortSignal | undefined): Failure {
  return signal?.reason instanceof Failure
    ? signal.reason
    : new Failure('cancelled', 'cancelled', { cause: signal?.reason });
}

/** Throws Failure('cancelled') once the user, or a stronger failure elsewhere, has stopped the call. */
export function throwIfCancelled(signal: AbortSignal | undefined, path?: string): void {
  if (!signal?.aborted) return;
  const subject = path === undefined ? 'cancelled' : `${path}: cancelled`;
  throw new Failure('cancelled', subject, { path, cause: signal.reason });
}
