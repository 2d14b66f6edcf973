import { fdatasync } from 'node:fs';
import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import { codeOf } from '../../core/failure.ts';
import { writeAt } from '../../remotes/local/at-offset.ts';
import { queued } from '../../remotes/local/caller.ts';
import { closing, system } from '../../remotes/local/system.ts';

// What the cache asks of the system: called directly where that is quick, as docs/decisions/0011-direct-file-calls.md has it.

const secretMode = 0o600;

/** Opens a file of the cache. `flags` as open(2) takes them. */
export function openSecret(path: string, flags: string | number): Awaitable<number> {
  return system.open(path, flags, secretMode);
}

export const close = system.close;
/** Sets the times of a file, in nanoseconds. */
export const touch = system.utimes;

/** Waits until the file's bytes are on the disk. */
export function syncBytes(fd: number): Promise<void> {
  return queued((done) => fdatasync(fd, done));
}

/** Waits until a file, or the names in a folder, are on the disk. */
export async function syncPath(path: string): Promise<void> {
  const fd = await system.open(path, 'r');
  try {
    await system.sync(fd);
  } finally {
    await system.close(fd);
  }
}

/** What the name of a file that is being written ends with. */
export const temporaryEnd = '.new';

/** Puts `data` at `path`, whole or not at all. Where `isDurable`, its bytes are on the disk before. */
export function replaceFile(path: string, data: Uint8Array, isDurable: boolean): Awaitable<void> {
  const temporary = path + temporaryEnd;
  const fill = (fd: number): Awaitable<void> =>
    whenThere(writeAt(fd, data, 0), () => (isDurable ? system.sync(fd) : undefined));
  return whenFailed(
    () =>
      whenThere(openSecret(temporary, 'w'), (fd) => whenThere(closing(fd, fill), () => system.rename(temporary, path))),
    async (error) => {
      await unlinkIfThere(temporary);
      throw error;
    },
  );
}

export async function unlinkIfThere(path: string): Promise<void> {
  // To look costs less than the error where there is nothing.
  if (await system.lookFor(path)) await unlessMissing(async () => system.unlink(path));
}

/** Null where a file is not there. */
export async function unlessMissing<T>(action: () => Promise<T>): Promise<T | null> {
  try {
    return await action();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
