import { Failure, unlessAbsent } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Listings } from './listing.ts';
import { asFile, entryOf, type FileNode, type FolderNode, type TreeNode } from './node.ts';
import type { Tree } from './tree.ts';

/** The node under a name, in a folder that has been read. Throws Failure('not-found'). */
export function childOf(tree: Tree, folder: FolderNode, name: string): TreeNode {
  const child = folder.children.get(name);
  if (child) return child;
  const path = joinPath(tree.path(folder), name);
  throw new Failure('not-found', `${path}: no such file or folder`, { path });
}

/** Removes a file here and on the remote. Whoever has it open goes on with it. */
export async function removeFile(tree: Tree, listings: Listings, folder: FolderNode, name: string): Promise<void> {
  await listings.read(folder);
  const file = asFile(childOf(tree, folder, name));
  await tree.alone(file, async () => {
    // Somebody else may have been quicker.
    if (childOf(tree, folder, name) === file) await removeAlone(tree, file);
  });
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
  await requireEmpty(tree, listings, folder);
  await unlessAbsent(tree.remote.removeDir(tree.path(folder)));
  tree.detach(folder, 'caller');
}

/** Throws Failure('not-empty'). */
export async function requireEmpty(tree: Tree, listings: Listings, folder: FolderNode): Promise<void> {
  if ((await listings.readHeld(folder)).size === 0) return;
  const path = tree.path(folder);
  throw new Failure('not-empty', `${path}: the folder is not empty`, { path });
}
