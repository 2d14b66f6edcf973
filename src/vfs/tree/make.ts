import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Content, ContentStore } from '../content.ts';
import type { Handle, OpenMode } from '../vfs.ts';
import { changeKept } from './kept.ts';
import type { Listings } from './listing.ts';
import { requireNewName } from './names.ts';
import { type FileNode, type FolderNode, giveContent } from './node.ts';
import { openFile } from './opened.ts';
import { holdOwnership } from './set-attributes.ts';
import type { Tree } from './tree.ts';

/** Makes an empty file, on the remote with its first upload. Throws Failure('exists'), or 'too-large' for
 *  a name that the remote could not take. */
export async function makeFile(
  tree: Tree,
  listings: Listings,
  store: ContentStore,
  folder: FolderNode,
  name: string,
  how: OpenMode & { readonly mode?: number },
): Promise<Handle> {
  requireNewName(tree.options, name);
  await listings.read(folder);
  const file = await tree.naming.shared(async () => {
    const path = joinPath(tree.path(folder), name);
    await tree.remote.checkPath?.(path);
    requireFree(tree, folder, name);
    const made = tree.newFile(null);
    const content = giveContent(made, store.create(path));
    await setFirstMode(tree, made, content, how.mode);
    tree.attach(made, folder, name, 'caller');
    return made;
  });
  return openFile(tree, store, file, { ...how, truncate: false });
}

/** Goes up with the file. */
async function setFirstMode(tree: Tree, file: FileNode, content: Content, mode: number | undefined): Promise<void> {
  if (mode === undefined || mode === tree.options.fileMode) return;
  if (tree.options.attributeRoom > 0) await changeKept(tree, content, (kept) => ({ ...kept, mode }));
  else holdOwnership(tree, file, { mode });
}

/** Throws Failure('exists'). */
export async function makeFolder(
  tree: Tree,
  listings: Listings,
  folder: FolderNode,
  name: string,
  mode: number = tree.options.folderMode,
): Promise<FolderNode> {
  requireNewName(tree.options, name);
  await listings.read(folder);
  return tree.naming.shared(async () => {
    requireFree(tree, folder, name);
    await tree.remote.makeDir(joinPath(tree.path(folder), name));
    requireFree(tree, folder, name);
    const made = tree.newFolder(null);
    made.listedAt = performance.now();
    made.isKept = !tree.remote.features.emptyFolders;
    if (mode !== tree.options.folderMode) holdOwnership(tree, made, { mode });
    tree.attach(made, folder, name, 'caller');
    return made;
  });
}

/** Throws Failure('exists'). */
export function requireFree(tree: Tree, folder: FolderNode, name: string): void {
  const path = joinPath(tree.path(folder), name);
  if (!folder.children.has(name)) return;
  throw new Failure('exists', `${path}: is there already`, { path });
}
