import { randomBytes } from 'node:crypto';
import { Failure, messageOf, unlessAbsent } from '../../core/failure.ts';
import { joinPath, relativePath } from '../../core/path.ts';
import type { Hold } from '../content.ts';
import { storedName } from './link-names.ts';
import type { Listings } from './listing.ts';
import { requireFree } from './make.ts';
import { moveOnRemote } from './move.ts';
import { moveByFiles, moveWhole } from './move-folder.ts';
import { requireNewName } from './names.ts';
import type { Place } from './naming.ts';
import { contentsBelow, entryOf, type FileNode, isWithin, type TreeNode } from './node.ts';
import { childOf, removeFolder, requireEmpty } from './remove.ts';
import type { Tree } from './tree.ts';

export interface Renaming {
  readonly from: Place;
  readonly to: Place;
  /** Whether what stands at `to` may go. */
  readonly replace: boolean;
}

/** As rename(2). A file that stands at `to` is replaced, an empty folder too. Throws Failure('exists') where it must not
 *  be, or is no folder where a folder comes; 'is-folder', 'not-empty', and 'usage' for a folder into itself. */
export function rename(tree: Tree, listings: Listings, renaming: Renaming): Promise<void> {
  return tree.naming.moving([renaming.from, renaming.to], () => renameHeld(tree, listings, renaming));
}

async function renameHeld(tree: Tree, listings: Listings, { from, to, replace }: Renaming): Promise<void> {
  requireNewName(tree.options, to.name);
  await listings.readHeld(from.folder);
  const node = childOf(tree, from.folder, from.name);
  const target = (await listings.readHeld(to.folder)).get(to.name) ?? null;
  if (target === node) return;
  const path = joinPath(tree.path(to.folder), to.name);
  if (!replace) requireFree(tree, to.folder, to.name);
  if (node.kind === 'file') {
    if (target?.kind === 'folder') throw new Failure('is-folder', `${path}: is a folder`, { path });
    // A text file that could not be shown as the symlink of this name.
    if (node.isLink) requireFree(tree, to.folder, storedName(node, to.name));
    await tree.remote.checkPath?.(storedPath(tree, node, to));
    return renameFile(tree, node, target, to);
  }
  if (isWithin(to.folder, node)) {
    throw new Failure('usage', `${path}: a folder cannot go into itself`, { path });
  }
  if (target?.kind === 'file') throw new Failure('exists', `${path}: is a file`, { path });
  if (target) await requireEmpty(tree, listings, target);
  // What is not uploaded yet could otherwise never be.
  for (const file of contentsBelow(node)) {
    await tree.remote.checkPath?.(joinPath(path, relativePath(tree.path(node), tree.path(file))));
  }
  if (target) await removeFolder(tree, listings, target);
  if (!(await moveWhole(tree, node, to))) await moveByFiles(tree, listings, node, to);
}

/** The two change places, by way of a third name. Where that fails half way they go back, as far as the remote lets them;
 *  what is elsewhere then is told. */
export function exchange(tree: Tree, listings: Listings, one: Place, other: Place): Promise<void> {
  const aside = { folder: one.folder, name: `.exchange-${randomBytes(6).toString('hex')}` };
  return tree.naming.moving([one, other, aside], () => exchangeHeld(tree, listings, one, other, aside));
}

async function exchangeHeld(tree: Tree, listings: Listings, one: Place, other: Place, aside: Place): Promise<void> {
  for (const { folder } of [one, other]) await listings.readHeld(folder);
  const [first, second] = [childOf(tree, one.folder, one.name), childOf(tree, other.folder, other.name)];
  if (first === second) return;
  const contains = (node: TreeNode, place: Place) => node.kind === 'folder' && isWithin(place.folder, node);
  if (contains(first, other) || contains(second, one)) {
    throw new Failure('usage', `${other.name}: one lies in the other`, { path: other.name });
  }
  const move = (from: Place, to: Place) => renameHeld(tree, listings, { from, to, replace: false });
  const back: (() => Promise<void>)[] = [];
  try {
    const steps = [[one, aside] as const, [other, one] as const, [aside, other] as const];
    for (const [from, to] of steps) {
      await move(from, to);
      back.unshift(() => move(to, from));
    }
  } catch (error) {
    try {
      for (const step of back) await step();
    } catch (reason) {
      const message = `was to change places with another file and remains here: ${messageOf(reason)}`;
      for (const node of [first, second]) tree.report.error(tree.path(node), message);
    }
    throw error;
  }
}

async function renameFile(tree: Tree, file: FileNode, target: FileNode | null, to: Place): Promise<void> {
  entryOf(file);
  const from = tree.path(file);
  const path = storedPath(tree, file, to);
  // A symlink and a file of one name lie at two places.
  const targetPath = target && tree.path(target);
  const holds: Hold[] = [];
  try {
    const hold = await file.content?.hold();
    if (hold) holds.push(hold);
    const targetHold = await target?.content?.hold();
    if (targetHold) holds.push(targetHold);
    await target?.content?.fetch();
    const old = target && entryOf(target);
    // What only stands here needs no move: its upload will replace what the remote has.
    const takesPlace = targetPath === path;
    const replaced = takesPlace ? old : null;
    const left = entryOf(file);
    const move = left && { from, to: path, entry: left, replaced };
    if (move) for (const held of [hold, takesPlace && targetHold]) if (held) await held.moving(move);
    const entry = move ? await moveOnRemote(tree, move) : replaced;
    if (old && targetPath !== null && targetPath !== path) await unlessAbsent(tree.remote.remove(targetPath));
    if (target) tree.detach(target, 'caller');
    tree.detach(file, 'caller');
    tree.attach(file, to.folder, to.name, 'caller');
    file.entry = entry && { ...entry, path };
    holds.length = 0;
    // In this order: whenever the process ends, one of the two has the name.
    await hold?.moved(path, file.entry);
    await targetHold?.removed();
  } catch (error) {
    for (const hold of holds) hold.resume();
    for (const folder of [file.parent, to.folder]) if (folder) folder.isDoubted = true;
    tree.touch(file);
    if (target) tree.touch(target);
    throw error;
  }
}

function storedPath(tree: Tree, file: FileNode, { folder, name }: Place): string {
  return joinPath(tree.path(folder), storedName(file, name));
}
