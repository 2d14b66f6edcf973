import { isFailure } from '../core/failure.ts';
import type { Lock } from './lock.ts';

/** Reads, and reads again if this mount itself has replaced the version meanwhile, by an upload or a new time: both hold
 *  `writing`. `version` tells, by its identity, where the bytes come from. Waits for the end of a Hold: not for whoever
 *  keeps one from being taken. */
export async function despiteOwnChanges<T>(writing: Lock, version: () => unknown, read: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = version();
    try {
      return await read();
    } catch (error) {
      if (!isFailure(error, 'changed')) throw error;
      // The remote may have been changed already where we have not noted it yet.
      await writing.exclusive(async () => {});
      if (version() === before) throw error;
    }
  }
}
