import { isFailure } from '../core/failure.ts';
import type { Lock } from './lock.ts';

/** Reads, and reads again where the version that was read has been replaced from here: by an upload or a new time, which
 *  hold `writing`. `version` tells, by its identity, where the bytes come from. Not to be called by whoever keeps a Hold from
 *  being taken: it waits for its end. */
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
