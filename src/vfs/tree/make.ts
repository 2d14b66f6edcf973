import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { ContentStore } from '../content.ts';
import type { Handle, OpenMode } from '../vfs.ts';
import type { Listings } from './listing.ts';
import { requireName } from './names.ts';
import type { FolderNode } from './node.ts';
import { openFile } from './opened.ts';
import type { Tree } from './tree.ts';

/** Makes an empty file, on the remote with its first upload. Throws Failure('exists'), or 'too-large' for
 *  a name that the remote could not take. */
export async function makeFile(
  tree: Tree,
  listings: Listings,
  store: ContentStore,
  folder: FolderNode,
  name: string,
  how: OpenMode,
): Promise<Handle> {
  requireName(name);
  await listings.read(folder);
  const file = await tree.naming.shared(async () => {
    const path = joinPath(tree.path(folder), name);
    await tree.remote.checkPath?.(path);
    requireFree(tree, folder, name);
    const made = tree.newFile(null);
    made.content = store.create(path);
    tree.attach(made, folder, name, 'caller');
    return made;
  });
  return openFile(tree, store, file, { ...how, truncate: false });
}

/** Throws Failure('exists'). */
export async function makeFolder(
  tree: Tree,
  listings: Listings,
  folder: FolderNode,
  name: string,
): Promise<FolderNode> {
  requireName(name);
  await listings.read(folder);
  return tree.naming.shared(async () => {
    requireFree(tree, folder, name);
    await tree.remote.makeDir(joinPath(tree.path(folder), name));
    requireFree(tree, folder, name);
    const made = tree.newFolder(null);
    made.listedAt = performance.now();
    made.isKept = !tree.remote.features.emptyFolders;
    tree.attach(made, folder, name, 'caller');
    return made;
  });
}

function requireFree(tree: Tree, folder: FolderNode, name: string): void {
  const path = joinPath(tree.path(folder), name);
  if (!folder.children.has(name)) return;
  throw new Failure('exists', `${path}: is there already`, { path });
}
