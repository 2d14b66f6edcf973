import { type Awaitable, whenFailed } from '../../core/awaitable.ts';
import { codeOf } from '../../core/failure.ts';

/** Runs what makes a file in a folder, once more where that has been removed, as who clears ~/.cache does. */
export type Making = <T>(action: () => Awaitable<T>) => Awaitable<T>;

/** `remake` makes the folder anew where it is gone: once for all who find it so. */
export function createMaking(remake: () => Promise<void>): Making {
  let running: Promise<void> | null = null;

  function remakeOnce(): Promise<void> {
    running ??= remake().finally(() => {
      running = null;
    });
    return running;
  }

  return (action) =>
    whenFailed(action, async (error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      await remakeOnce();
      return action();
    });
}
