import type { Entry } from '../../core/entry.ts';
import { isAbsence, isFailure } from '../../core/failure.ts';
import { relativePath } from '../../core/path.ts';
import { isSameVersion } from '../version.ts';
import { isLinkAt, linkName, storedName } from './link-names.ts';
import { isSafeName } from './names.ts';
import { entryOf, type FolderNode, isDirty } from './node.ts';
import type { Tree } from './tree.ts';

/** What a listing has found in a folder: name → what the remote has of it. */
export type Found = Map<string, Entry>;

/** Adds what a listing of the folder at `folderPath` shows, under the name that the tree shows it by. */
export function takeFound(tree: Tree, found: Found, folderPath: string, entry: Entry): void {
  const stored = relativePath(folderPath, entry.path);
  const link = entry.kind === 'file' ? linkName(tree.options, stored, entry) : null;
  // Where something else has its name, a symlink is shown as the text file that it is.
  if (link !== null && isSafeName(link) && !found.has(link)) found.set(link, entry);
  else takeAs(tree, found, stored, entry);
}

function takeAs(tree: Tree, found: Found, name: string, entry: Entry): void {
  if (!isSafeName(name)) {
    tree.tellOnce(entry.path, `left out: ${JSON.stringify(name)} is not a name that a folder can hold`);
    return;
  }
  const other = found.get(name);
  if (other && isLinkAt(other, name)) {
    found.delete(name);
    takeAs(tree, found, storedName({ isLink: true }, name), other);
  } else if (other && other.kind !== entry.kind) {
    tree.tellOnce(entry.path, 'a file is hidden by the folder of the same name');
  }
  if (!found.has(name) || entry.kind === 'folder') found.set(name, entry);
}

/** Where the listing contradicts what was done here from `since` on, as `performance.now` counts, asks the store itself. */
export async function confirmOwnChanges(tree: Tree, folder: FolderNode, found: Found, since: number): Promise<void> {
  for (const [name, { at }] of folder.removals) {
    if (at < since) folder.removals.delete(name);
    const entry = found.get(name);
    if (at >= since && entry?.kind === 'file') await confirmFile(tree, found, entry.path, name);
  }
  for (const child of [...folder.children.values()]) {
    // Removed while others were asked about.
    if (child.kind !== 'file' || child.parent !== folder || isDirty(child)) continue;
    const entry = found.get(child.name);
    const known = entryOf(child);
    const agrees = known && entry?.kind === 'file' && isSameVersion(known, entry);
    if (!agrees && child.ownChangeAt >= since) await confirmFile(tree, found, tree.path(child), child.name);
  }
}

async function confirmFile({ remote, asking }: Tree, found: Found, path: string, name: string): Promise<void> {
  try {
    found.set(name, await remote.stat(path, asking));
  } catch (error) {
    if (isAbsence(error)) found.delete(name);
    else if (!isFailure(error, 'is-folder')) throw error;
  }
}
