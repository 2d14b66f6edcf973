import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { link, mkdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { diskFailure, isSystemError } from '../remotes/local/disk-failure.ts';
import { makeDirs } from '../remotes/local/make-dir.ts';

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
    await onDisk(folder, () => mkdir(hidden, { mode: 0o700 }));
    const result = await work(hidden);
    await rm(hidden, { recursive: true, force: true });
    return result;
  } catch (error) {
    await rm(hidden, { recursive: true, force: true });
    if (firstMade) await removeEmpty(folder, firstMade);
    throw error;
  }
}

/** Throws Failure('exists') where something stands at `path`. */
export function requireFree(path: string): void {
  if (!lstatSync(path, { throwIfNoEntry: false })) return;
  const message = `${path} exists already: move it away, or get the data to another folder with --target_dir`;
  throw new Failure('exists', message, { path });
}

/** Moves a file or folder to where nothing stands. Throws Failure('exists'). */
export async function moveToNew(from: string, to: string): Promise<void> {
  requireFree(to);
  await onDisk(to, async () => {
    if (lstatSync(from).isDirectory()) return rename(from, to);
    // A rename would replace what came to stand there meanwhile; a link does not.
    try {
      await link(from, to);
    } catch (error) {
      if (isSystemError(error, 'EEXIST')) requireFree(to);
      // Some file systems have no links.
      return rename(from, to);
    }
    await unlink(from);
  });
}

/** Removes the folders from `folder` up to `first`, as far as they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  try {
    for (let dir = folder; dir.length >= first.length; dir = dirname(dir)) await rmdir(dir);
  } catch {
    // Something else has come to lie there: it stays.
  }
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFailure(error, path.replace(/^\//, ''));
  }
}
