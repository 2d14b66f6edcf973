import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { Failure, isAbsence } from '../../core/failure.ts';
import { noAttributes } from '../../formats/file-attributes.ts';
import type { VfsOptions } from '../options.ts';
import type { Attributes } from '../vfs.ts';
import { isKeptKnown, keptOf } from './kept.ts';
import { updateFile } from './listing.ts';
import { entryOf, type FileNode, type TreeNode } from './node.ts';
import type { Tree } from './tree.ts';

// As Linux shows every symlink.
const linkMode = 0o777;

export function attributesOf(tree: Tree, node: TreeNode): Awaitable<Attributes> {
  if (node.kind === 'folder') return attributesWith(tree, node, 0, node.modified);
  return whenThere(describeFile(tree, node), ({ size, modified }) => attributesWith(tree, node, size, modified));
}

function attributesWith(tree: Tree, node: TreeNode, size: number, modified: Nanoseconds): Attributes {
  const { mode, uid, gid } = ownershipOf(tree, node);
  return {
    kind: node.kind,
    size,
    modified,
    accessed: node.accessed ?? modified,
    changed: node.changed ?? modified,
    mode,
    uid,
    gid,
    links: tree.isRemoved(node) ? 0 : 1,
  };
}

function ownershipOf({ options }: Tree, node: TreeNode): Pick<Attributes, 'mode' | 'uid' | 'gid'> {
  const kept = node.kind === 'file' ? keptOf(node) : noAttributes;
  const { uid, gid } = options.overridesOwner ? noAttributes : kept;
  return {
    mode: node.mode ?? kept.mode ?? modeOf(options, node),
    uid: node.uid ?? uid ?? options.uid,
    gid: node.gid ?? gid ?? options.gid,
  };
}

function modeOf({ fileMode, folderMode }: VfsOptions, node: TreeNode): number {
  if (node.kind === 'folder') return folderMode;
  return node.isLink ? linkMode : fileMode;
}

function describeFile(tree: Tree, file: FileNode): Awaitable<{ size: number; modified: Nanoseconds }> {
  const entry = entryOf(file);
  const { content } = file;
  if (content) return content;
  if (!entry) throw new Failure('not-found', `${file.name}: has been removed`, { path: file.name });
  return whenThere(knownOrAsked(tree, file, entry), ({ size, modified }) => ({
    // A damaged file has no size.
    size: Math.max(0, size),
    modified: modified ?? tree.root.modified,
  }));
}

/** Not asked while the file is on its way to another path: it would seem to have gone. */
function knownOrAsked(tree: Tree, file: FileNode, entry: FileEntry): Awaitable<Pick<FileEntry, 'size' | 'modified'>> {
  if (tree.isRemoved(file) || isComplete(tree, entry)) return entry;
  return tree.alone(file, async () => {
    const now = entryOf(file) ?? entry;
    return file.content ?? (tree.isRemoved(file) ? now : withTime(tree, file, now));
  });
}

/** The file's entry with its time, its true size and what is kept of it, for which the store may have to be asked. For whoever
 *  has the file alone. */
export function withTime(tree: Tree, file: FileNode, entry: FileEntry): Awaitable<FileEntry> {
  return isComplete(tree, entry) ? entry : askAgain(tree, file);
}

function isComplete(tree: Tree, entry: FileEntry): boolean {
  const isTimed = (entry.modified !== null && isKeptKnown(tree, entry)) || !tree.options.usesModified;
  return isTimed && !entry.isSizeEstimated;
}

/** What the remote has of a file now, for whoever has it alone. Throws Failure('not-found') and takes it out of the tree where
 *  there is none. */
export async function askAgain(tree: Tree, file: FileNode): Promise<FileEntry> {
  const path = tree.path(file);
  try {
    const found = await tree.remote.stat(path, tree.asking);
    if (!file.content?.isDirty && !tree.isRemoved(file) && tree.path(file) === path) updateFile(tree, file, found);
    return found;
  } catch (error) {
    if (isAbsence(error) && file.parent && tree.path(file) === path && !file.content?.isDirty) {
      const { parent: folder, name } = file;
      tree.detach(file, 'listing');
      tree.announce({ folder, name, node: file });
    }
    throw error;
  }
}
