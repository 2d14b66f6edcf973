import type { FileEntry } from '../../core/entry.ts';
import { isFailure, unlessAbsent } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { joinPath, relativePath } from '../../core/path.ts';
import type { Hold } from '../content.ts';
import { storedName } from './link-names.ts';
import type { Listings } from './listing.ts';
import { moveOnRemote } from './move.ts';
import type { Place } from './naming.ts';
import { contentsBelow, entryOf, type FileNode, type FolderNode } from './node.ts';
import type { Tree } from './tree.ts';

interface Moved {
  readonly file: FileNode;
  /** What the remote has at the new path. */
  readonly entry: FileEntry | null;
  readonly hold: Hold | undefined;
}

const sideBySide = 4;

/** Renames a folder in one step; false where the store can only do it file by file. */
export async function moveWhole(tree: Tree, folder: FolderNode, to: Place): Promise<boolean> {
  const { remote } = tree;
  if (!remote.moveDir) return false;
  const [from, toPath] = [tree.path(folder), joinPath(tree.path(to.folder), to.name)];
  const moved: Moved[] = [];
  try {
    for (const file of contentsBelow(folder)) {
      const hold = await file.content?.hold();
      const entry = entryOf(file);
      moved.push({ file, entry, hold });
      const path = tree.path(file);
      const target = joinPath(toPath, relativePath(from, path));
      if (entry) await hold?.moving({ from: path, to: target, entry, replaced: null });
    }
    await remote.moveDir(from, toPath);
  } catch (error) {
    for (const { hold } of moved) hold?.resume();
    if (isFailure(error, 'unsupported')) return false;
    throw error;
  }
  tree.detach(folder, 'caller');
  tree.attach(folder, to.folder, to.name, 'caller');
  await settle(tree, moved);
  return true;
}

/** Moves each file on its own; the tree shows the new place when all have gone there. Where that fails, it shows each file
 *  where it is. */
export async function moveByFiles(tree: Tree, listings: Listings, folder: FolderNode, to: Place): Promise<void> {
  const moved: Moved[] = [];
  try {
    await moveBelow(tree, listings, folder, joinPath(tree.path(to.folder), to.name), moved);
  } catch (error) {
    if (moved.length > 0) splitFolder(tree, folder, to, moved);
    to.folder.isDoubted = true;
    await settle(tree, moved);
    throw error;
  }
  tree.detach(folder, 'caller');
  tree.attach(folder, to.folder, to.name, 'caller');
  folder.isKept = !tree.remote.features.emptyFolders;
  await settle(tree, moved);
}

async function moveBelow(
  tree: Tree,
  listings: Listings,
  folder: FolderNode,
  toPath: string,
  moved: Moved[],
): Promise<void> {
  const { remote } = tree;
  const children = [...(await listings.readHeld(folder)).values()];
  await remote.makeDir(toPath);
  const files = children.filter((child) => child.kind === 'file');
  await forEachParallel(files, sideBySide, undefined, async (file) => {
    moved.push(await moveFile(tree, file, joinPath(toPath, storedName(file, file.name))));
  });
  for (const child of children) {
    if (child.kind !== 'folder') continue;
    await moveBelow(tree, listings, child, joinPath(toPath, child.name), moved);
    child.isKept = !remote.features.emptyFolders;
  }
  await unlessAbsent(remote.removeDir(tree.path(folder)));
}

async function moveFile(tree: Tree, file: FileNode, toPath: string): Promise<Moved> {
  const hold = await file.content?.hold();
  const path = tree.path(file);
  try {
    const entry = entryOf(file);
    if (!entry) return { file, hold, entry };
    const move = { from: path, to: toPath, entry, replaced: null };
    await hold?.moving(move);
    return { file, hold, entry: await moveOnRemote(tree, move) };
  } catch (error) {
    hold?.resume();
    if (file.parent) file.parent.isDoubted = true;
    tree.touch(file);
    throw error;
  }
}

/** Takes note of where files are on the remote whose nodes are in their new place. */
async function settle(tree: Tree, moved: readonly Moved[]): Promise<void> {
  for (const { file, entry, hold } of moved) {
    const path = tree.path(file);
    file.entry = entry && { ...entry, path };
    tree.touch(file);
    await hold?.moved(path, file.entry);
  }
}

/** Puts what has been moved into new folders, beside those that the rest is still in. */
function splitFolder(tree: Tree, folder: FolderNode, to: Place, moved: readonly Moved[]): void {
  const twins = new Map<FolderNode, FolderNode>();

  function twinOf(old: FolderNode): FolderNode {
    const known = twins.get(old);
    if (known) return known;
    const twin = tree.newFolder(null);
    twin.isKept = !tree.remote.features.emptyFolders;
    if (old === folder) tree.attach(twin, to.folder, to.name, 'caller');
    else if (old.parent) tree.attach(twin, twinOf(old.parent), old.name, 'caller');
    old.isDoubted = true;
    twin.listedAt = performance.now();
    twin.isDoubted = true;
    twins.set(old, twin);
    return twin;
  }

  twinOf(folder);
  for (const { file } of moved) {
    const { parent, name } = file;
    if (!parent) continue;
    tree.detach(file, 'caller');
    tree.attach(file, twinOf(parent), name, 'caller');
  }
  tree.announce({ folder: to.folder, name: to.name, node: null });
}
