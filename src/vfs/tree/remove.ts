import { Failure, isAbsence } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Listings } from './listing.ts';
import { entryOf, type FileNode, type FolderNode, type TreeNode } from './node.ts';
import type { Tree } from './tree.ts';

/** The node under a name. Throws Failure('not-found'). */
export async function childOf(tree: Tree, listings: Listings, folder: FolderNode, name: string): Promise<TreeNode> {
  const child = (await listings.read(folder)).get(name);
  if (child) return child;
  const path = joinPath(tree.path(folder), name);
  throw new Failure('not-found', `${path}: no such file or folder`, { path });
}

/** Removes a file here and on the remote. Who has it open goes on with it. */
export function removeFile(tree: Tree, file: FileNode): Promise<void> {
  return tree.alone(file, () => removeAlone(tree, file));
}

async function removeAlone(tree: Tree, file: FileNode): Promise<void> {
  entryOf(file);
  const path = tree.path(file);
  const hold = await file.content?.hold();
  try {
    await file.content?.fetch();
    if (entryOf(file) !== null) await unlessAbsent(tree.remote.remove(path));
  } catch (error) {
    hold?.resume();
    throw error;
  }
  tree.detach(file, 'caller');
  await hold?.removed();
}

/** Removes an empty folder here and on the remote, while nothing else is named. Throws Failure('not-empty'). */
export async function removeFolder(tree: Tree, listings: Listings, folder: FolderNode): Promise<void> {
  const path = tree.path(folder);
  if ((await listings.read(folder)).size > 0) {
    throw new Failure('not-empty', `${path}: the folder is not empty`, { path });
  }
  await unlessAbsent(tree.remote.removeDir(path));
  tree.detach(folder, 'caller');
}

async function unlessAbsent(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}
