import { lstatSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToName } from '../core/name-bytes.ts';
import { joinPath } from '../core/path.ts';
import { moveToNew, requireFree } from './beside.ts';
import type { Unpacked } from './unpack.ts';

/** Moves what was unpacked in `hidden` to `folder`, all or nothing. What stands there stays: folders that the archive only
 *  implies are merged with it. Throws Failure('exists') before anything is moved where something is in the way. */
export async function moveIn(hidden: string, folder: string, { folders }: Unpacked): Promise<void> {
  const paths = await pathsToMove(hidden, folder, folders);
  for (const path of paths) requireFree(join(folder, path));
  const moved: string[] = [];
  try {
    for (const path of paths) {
      await moveToNew(join(hidden, path), join(folder, path));
      moved.push(path);
    }
  } catch (error) {
    for (const path of moved.reverse()) await rename(join(folder, path), join(hidden, path));
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
  for (const raw of await readdir(join(hidden, dir), { encoding: 'buffer' })) {
    const path = joinPath(dir, bytesToName(raw));
    const isMerged = !named.has(path) && isFolder(join(hidden, path)) && isFolder(join(folder, path));
    paths.push(...(isMerged ? await pathsToMove(hidden, folder, named, path) : [path]));
  }
  return paths;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
