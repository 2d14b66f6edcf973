import { setMaxListeners } from 'node:events';
import { cancellation } from '../../core/cancel.ts';

// Many requests share one signal, and a listener is expensive: together they have one.
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `stop` once the signal aborts, unless `forgetAbort` comes first. */
export function onAbort(signal: AbortSignal, stop: () => void): void {
  const stops = waiting.get(signal) ?? noStops(signal);
  if (stops.size === 0) signal.addEventListener('abort', stopAll);
  stops.add(stop);
}

export function forgetAbort(signal: AbortSignal, stop: () => void): void {
  const stops = waiting.get(signal);
  // A signal made by AbortSignal.any lives for as long as it has a listener.
  if (stops?.delete(stop) && stops.size === 0) signal.removeEventListener('abort', stopAll);
}

/** What `work` gives, which goes on for others who wait for it. Throws the signal's failure as soon as that aborts. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(cancellation(signal));
    if (signal.aborted) stop();
    else onAbort(signal, stop);
    work.then(resolve, reject).finally(() => forgetAbort(signal, stop));
  });
}

function noStops(signal: AbortSignal): Set<() => void> {
  // Others listen to it as well: that is no leak, and node's warning would reach the user.
  setMaxListeners(0, signal);
  const stops = new Set<() => void>();
  waiting.set(signal, stops);
  return stops;
}

function stopAll(this: AbortSignal): void {
  for (const stop of waiting.get(this) ?? []) stop();
}
