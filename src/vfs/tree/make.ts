import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Content, ContentStore } from '../content.ts';
import type { Handle, OpenMode } from '../vfs.ts';
import { requireFitting } from './fitting.ts';
import { changeKept } from './kept.ts';
import type { Listings } from './listing.ts';
import { requireNewName } from './names.ts';
import type { Place } from './naming.ts';
import { type FileNode, type FolderNode, giveContent } from './node.ts';
import { openNew } from './opened.ts';
import { holdOwnership } from './set-attributes.ts';
import type { Tree } from './tree.ts';

/** Makes an empty file, on the remote with its first upload. Throws Failure('exists'), or 'too-large' for
 *  a name that the remote could not take. */
export function makeFile(
  tree: Tree,
  listings: Listings,
  store: ContentStore,
  place: Place,
  how: OpenMode & { readonly mode?: number },
): Awaitable<Handle> {
  const { folder, name } = place;
  requireNewName(tree.options, name);

  function make(): Awaitable<Handle> {
    requireFree(tree, folder, name);
    const file = tree.newFile(null);
    const content = giveContent(file, store.create(joinPath(tree.path(folder), name)));
    return whenThere(setFirstMode(tree, file, content, how.mode), () => {
      tree.attach(file, folder, name, 'caller');
      return openNew(tree, store, file, content, how);
    });
  }

  return whenThere(listings.read(folder), () =>
    tree.naming.atName(place, () => whenThere(requireFitting(tree, folder, name), make)),
  );
}

/** Goes up with the file. */
function setFirstMode(tree: Tree, file: FileNode, content: Content, mode: number | undefined): Awaitable<void> {
  if (mode === undefined || mode === tree.options.fileMode) return undefined;
  if (tree.options.attributeRoom > 0) return changeKept(tree, content, ({ extended }) => ({ mode, extended }));
  holdOwnership(tree, file, { mode });
}

/** Throws Failure('exists'). */
export async function makeFolder(
  tree: Tree,
  listings: Listings,
  place: Place,
  mode: number = tree.options.folderMode,
): Promise<FolderNode> {
  const { folder, name } = place;
  requireNewName(tree.options, name);
  await listings.read(folder);
  return tree.naming.atName(place, async () => {
    requireFree(tree, folder, name);
    await tree.remote.makeDir(joinPath(tree.path(folder), name));
    const met = folder.children.get(name);
    // By a listing, meanwhile.
    if (met?.kind === 'folder' && met.step === 0) tree.detach(met, 'listing');
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
  throw new Failure('exists', `${path}: already exists`, { path });
}
