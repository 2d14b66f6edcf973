import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { ContentStore } from '../content.ts';
import { longestTarget, storedName } from './link-names.ts';
import type { Listings } from './listing.ts';
import { requireFree } from './make.ts';
import { requireNewName } from './names.ts';
import type { Place } from './naming.ts';
import { type FileNode, giveContent } from './node.ts';
import { openFile, releaseContent, retainContent } from './opened.ts';
import { removeFile } from './remove.ts';
import type { Tree } from './tree.ts';

/** Makes a symlink: on the remote a text file `name.rclonelink` that says where it leads. Throws as `makeFile`. */
export async function makeLink(
  tree: Tree,
  listings: Listings,
  store: ContentStore,
  place: Place,
  target: Uint8Array,
): Promise<FileNode> {
  const { folder, name } = place;
  if (!tree.options.usesLinks) throw new Failure('unsupported', `${name}: symlinks are not kept here`, { path: name });
  if (target.length === 0 || target.length > longestTarget) {
    throw new Failure('usage', `${name}: a symlink cannot lead to a path of ${target.length} bytes`, { path: name });
  }
  requireNewName(tree.options, name);
  await listings.read(folder);
  const link = await tree.naming.atName(place, async () => {
    const stored = storedName({ isLink: true }, name);
    const path = joinPath(tree.path(folder), stored);
    await tree.remote.checkPath?.(path);
    for (const taken of [name, stored]) requireFree(tree, folder, taken);
    const made = tree.newFile(null, true);
    giveContent(made, store.create(path));
    tree.attach(made, folder, name, 'caller');
    return made;
  });
  try {
    const handle = await openFile(tree, store, link, { read: false, write: true, truncate: false });
    try {
      await handle.write(0, target);
      await handle.flush();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await removeFile(tree, listings, folder, name);
    throw error;
  }
  return link;
}

/** Where a symlink leads. Throws Failure('usage') for a file, 'corrupt' for what cannot be a path. */
export async function readLink(tree: Tree, store: ContentStore, file: FileNode): Promise<Uint8Array> {
  if (!file.isLink) throw new Failure('usage', `${file.name}: is not a symlink`, { path: file.name });
  const content = await retainContent(tree, store, file);
  try {
    const target = await content.read(0, longestTarget);
    if (target.length > 0 && !target.includes(0)) return target;
    throw new Failure('corrupt', `${content.path}: does not hold the target of a symlink`, { path: content.path });
  } finally {
    await releaseContent(file, content, 'reader');
  }
}
