import { constants } from 'node:fs';
import type { Awaitable } from '../core/awaitable.ts';
import { bytesToName } from '../core/name-bytes.ts';
import { diskFailure } from '../remotes/local/disk-failure.ts';
import { system } from '../remotes/local/system.ts';

/** Does something with `path`, which is absolute; the system's own errors become a Failure that names it. */
export async function onDisk<T>(path: string, work: () => Awaitable<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFailure(error, path.replace(/^\//, ''));
  }
}

/** To open a folder itself. Where others may write, too, somebody may have put a symlink in its place. */
export const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** What is in a folder, sorted; names as core/name-bytes.ts carries them. Throws Failure. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await onDisk(folder, () => system.readDir(folder));
  return names.map((name) => bytesToName(Buffer.from(name, 'latin1'))).sort();
}
