import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../core/failure.ts';
import { joinPath } from '../core/path.ts';
import { isSystemError } from '../remotes/local/disk-failure.ts';
import { native, system } from '../remotes/local/system.ts';
import { namesIn, onDisk } from './on-disk.ts';
import type { Unpacked } from './unpack.ts';

/** Moves what was unpacked in `hidden` to `folder`, all or nothing. What stands there stays: folders that the archive only
 *  implies are merged with it. Throws Failure('exists') before anything is moved where something is in the way. */
export async function moveIn(hidden: string, folder: string, { folders }: Unpacked): Promise<void> {
  const paths = await pathsToMove(hidden, folder, folders);
  for (const path of paths) await requireFree(join(folder, path));
  const moved: string[] = [];
  try {
    for (const path of paths) {
      await moveToNew(join(hidden, path), join(folder, path));
      moved.push(path);
    }
  } catch (error) {
    for (const path of moved.reverse()) await system.rename(join(folder, path), join(hidden, path));
    throw error;
  }
}

/** Throws Failure('exists') where something stands at `path`. */
export async function requireFree(path: string): Promise<void> {
  if (!(await onDisk(path, () => system.lookFor(path)))) return;
  const message = `${path} exists already: move it away, or get the data to another folder with --target_dir`;
  throw new Failure('exists', message, { path });
}

/** Moves a file or folder to where nothing stands. Throws Failure('exists'). */
export async function moveToNew(from: string, to: string): Promise<void> {
  await requireFree(to);
  await onDisk(to, async () => {
    if ((await system.lstat(from)).isDirectory()) return system.rename(from, to);
    // A rename would replace what came to stand there meanwhile; a link does not.
    try {
      await link(native(from), native(to));
    } catch (error) {
      if (isSystemError(error, 'EEXIST')) await requireFree(to);
      // Some file systems have no links.
      return system.rename(from, to);
    }
    await system.unlink(from);
  });
}

async function pathsToMove(
  hidden: string,
  folder: string,
  named: ReadonlyMap<string, unknown>,
  dir = '',
): Promise<string[]> {
  const paths: string[] = [];
  for (const name of await namesIn(join(hidden, dir))) {
    const path = joinPath(dir, name);
    const isMerged = !named.has(path) && (await isFolder(join(hidden, path))) && (await isFolder(join(folder, path)));
    paths.push(...(isMerged ? await pathsToMove(hidden, folder, named, path) : [path]));
  }
  return paths;
}

async function isFolder(path: string): Promise<boolean> {
  return (await system.lookFor(path))?.isDirectory() ?? false;
}
