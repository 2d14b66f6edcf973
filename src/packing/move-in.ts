import { join } from 'node:path';
import { joinPath } from '../core/path.ts';
import { system } from '../remotes/local/system.ts';
import { moveToNew, requireFree } from './beside.ts';
import { namesIn } from './on-disk.ts';
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
