import { randomBytes } from 'node:crypto';
import { Failure, isFailure, messageOf } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { joinPath } from '../../core/path.ts';
import type { Hold } from '../content.ts';
import type { Listings } from './listing.ts';
import { moveOnRemote } from './move.ts';
import { requireName } from './names.ts';
import { contentsBelow, entryOf, type FileNode, type FolderNode, isWithin, type TreeNode } from './node.ts';
import { childOf, removeFolder } from './remove.ts';
import type { Tree } from './tree.ts';

export interface Place {
  readonly folder: FolderNode;
  readonly name: string;
}

const sideBySide = 4;

/** As rename(2). A file that stands at `to` is replaced, an empty folder too. Throws Failure('exists') where it must not
 *  be, or is no folder where a folder comes; 'is-folder', 'not-empty', and 'usage' for a folder into itself. */
export async function rename(
  tree: Tree,
  listings: Listings,
  from: Place,
  to: Place,
  how: { readonly replace: boolean },
): Promise<void> {
  requireName(to.name);
  const node = await childOf(tree, listings, from.folder, from.name);
  const target = (await listings.read(to.folder)).get(to.name) ?? null;
  if (target === node) return;
  const path = joinPath(tree.path(to.folder), to.name);
  if (target && !how.replace) throw new Failure('exists', `${path}: is there already`, { path });
  if (node.kind === 'file') {
    if (target?.kind === 'folder') throw new Failure('is-folder', `${path}: is a folder`, { path });
    return renameFile(tree, node, target, to);
  }
  if (isWithin(to.folder, node)) {
    throw new Failure('usage', `${path}: a folder cannot go into itself`, { path });
  }
  if (target?.kind === 'file') throw new Failure('exists', `${path}: is a file`, { path });
  if (target) await removeFolder(tree, listings, target);
  return renameFolder(tree, listings, node, to);
}

/** The two change places, by way of a third name. */
export async function exchange(tree: Tree, listings: Listings, one: Place, other: Place): Promise<void> {
  const [first, second] = [
    await childOf(tree, listings, one.folder, one.name),
    await childOf(tree, listings, other.folder, other.name),
  ];
  if (first === second) return;
  const contains = (node: TreeNode, place: Place) => node.kind === 'folder' && isWithin(place.folder, node);
  if (contains(first, other) || contains(second, one)) {
    throw new Failure('usage', `${other.name}: one lies in the other`, { path: other.name });
  }
  const aside = { folder: one.folder, name: `.exchange-${randomBytes(6).toString('hex')}` };
  const move = (from: Place, to: Place) => rename(tree, listings, from, to, { replace: false });
  await move(one, aside);
  try {
    await move(other, one);
  } catch (error) {
    await move(aside, one).catch((second: unknown) => {
      tree.report.error(
        tree.path(first),
        `was to change places with another file and remains here: ${messageOf(second)}`,
      );
    });
    throw error;
  }
  await move(aside, other);
}

async function renameFile(tree: Tree, file: FileNode, target: FileNode | null, to: Place): Promise<void> {
  entryOf(file);
  const from = tree.path(file);
  const path = joinPath(tree.path(to.folder), to.name);
  const holds: Hold[] = [];
  try {
    const hold = await file.content?.hold();
    if (hold) holds.push(hold);
    const targetHold = await target?.content?.hold();
    if (targetHold) holds.push(targetHold);
    await target?.content?.fetch();
    const old = target && entryOf(target);
    // What only stands here needs no move: its upload will replace what the remote has.
    const entry = entryOf(file) ? await moveOnRemote(tree.remote, from, path) : old;
    if (target) tree.detach(target, 'caller');
    tree.detach(file, 'caller');
    tree.attach(file, to.folder, to.name, 'caller');
    file.entry = entry && { ...entry, path };
    holds.length = 0;
    await targetHold?.removed();
    await hold?.moved(path, file.entry);
  } catch (error) {
    for (const hold of holds) hold.resume();
    // How far it came is for the store to say.
    for (const { parent } of [file, ...(target ? [target] : [])]) if (parent) parent.listedAt = null;
    tree.touch(file);
    if (target) tree.touch(target);
    throw error;
  }
}

async function renameFolder(tree: Tree, listings: Listings, folder: FolderNode, to: Place): Promise<void> {
  if (await moveWhole(tree, folder, to)) return;
  await moveByFiles(tree, listings, folder, to);
}

/** False where the store can only do it file by file. */
async function moveWhole(tree: Tree, folder: FolderNode, to: Place): Promise<boolean> {
  const { remote } = tree;
  if (!remote.moveDir) return false;
  const held: { file: FileNode; hold: Hold }[] = [];
  try {
    for (const file of contentsBelow(folder)) {
      const hold = await file.content?.hold();
      if (hold) held.push({ file, hold });
    }
    await remote.moveDir(tree.path(folder), joinPath(tree.path(to.folder), to.name));
  } catch (error) {
    for (const { hold } of held) hold.resume();
    if (isFailure(error, 'unsupported')) return false;
    throw error;
  }
  tree.detach(folder, 'caller');
  tree.attach(folder, to.folder, to.name, 'caller');
  for (const { file, hold } of held) {
    const entry = entryOf(file);
    const path = tree.path(file);
    file.entry = entry && { ...entry, path };
    await hold.moved(path, file.entry);
  }
  return true;
}

/** Moves each file to a new folder, which the old one takes the place of in the end. Where it fails, each file stands
 *  in one of the two. */
async function moveByFiles(tree: Tree, listings: Listings, folder: FolderNode, to: Place): Promise<void> {
  const { remote } = tree;
  const children = [...(await listings.read(folder)).values()];
  await remote.makeDir(joinPath(tree.path(to.folder), to.name));
  const made = tree.newFolder(null);
  made.listedAt = performance.now();
  made.isKept = !remote.features.emptyFolders;
  tree.attach(made, to.folder, to.name, 'caller');
  try {
    const files = children.filter((child) => child.kind === 'file');
    await forEachParallel(files, sideBySide, undefined, (file) =>
      renameFile(tree, file, null, { folder: made, name: file.name }),
    );
    for (const child of children) {
      if (child.kind === 'folder') await moveByFiles(tree, listings, child, { folder: made, name: child.name });
    }
    await removeFolder(tree, listings, folder);
  } catch (error) {
    tree.announce({ folder: to.folder, name: to.name, node: null });
    throw error;
  }
  tree.detach(made, 'caller');
  for (const child of made.children.values()) {
    child.parent = folder;
    folder.children.set(child.name, child);
  }
  folder.listedAt = made.listedAt;
  folder.isKept = made.isKept;
  tree.attach(folder, to.folder, to.name, 'caller');
}
