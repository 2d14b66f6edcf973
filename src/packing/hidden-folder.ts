import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirs } from '../remotes/local/make-dir.ts';
import { native, system } from '../remotes/local/system.ts';
import { onDisk } from './on-disk.ts';

/** Makes a hidden folder in `folder`, which is made where it is missing, lets `work` fill it and move things out of it,
 *  and removes it, whatever comes: a failure leaves nothing behind. */
export async function inHiddenFolder<T>(
  folder: string,
  name: string,
  work: (hidden: string) => Promise<T>,
): Promise<T> {
  const hidden = join(folder, `.${name.slice(0, 60)}.${randomBytes(4).toString('hex')}.partial`);
  const firstMade = await onDisk(folder, () => makeDirs(folder));
  try {
    await onDisk(folder, () => system.makeDir(hidden, 0o700));
    const result = await work(hidden);
    await removeTree(hidden);
    return result;
  } catch (error) {
    await removeTree(hidden);
    if (firstMade) await removeEmpty(folder, firstMade);
    throw error;
  }
}

/** Removes the folders from `folder` up to `first`, as far as they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  try {
    for (let dir = folder; dir.length >= first.length; dir = dirname(dir)) await system.removeDir(dir);
  } catch {
    // Something else has come to lie there: it stays.
  }
}

function removeTree(path: string): Promise<void> {
  return onDisk(path, () => rm(native(path), { recursive: true, force: true }));
}
