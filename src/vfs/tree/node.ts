import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Content } from '../content.ts';
import type { Node } from '../vfs.ts';
import { storedName } from './link-names.ts';

interface Named {
  readonly id: number;
  name: string;
  /** Null for the root, and for what has been removed. */
  parent: FolderNode | null;
  /** What the remote does not keep, and holds until the Vfs ends; null for what is as kept, or as everywhere. */
  mode: number | null;
  uid: number | null;
  gid: number | null;
  accessed: Nanoseconds | null;
  changed: Nanoseconds | null;
  /** The step of the tree at which this Vfs's callers last changed it. */
  step: number;
  /** When that was, as `performance.now` counts: a store's listing may not show it yet. */
  ownChangeAt: number;
}

export interface FileNode extends Named {
  readonly kind: 'file';
  /** A symlink: on the remote, a text file with an ending of its own. */
  readonly isLink: boolean;
  /** What the remote has at its path, as far as is known; null where nothing. Asked of `entryOf`. */
  entry: FileEntry | null;
  /** While it is open, or not uploaded. */
  content: Content | null;
  /** Handles that have `content` open. */
  openCount: number;
  /** Handles that may write. */
  writerCount: number;
}

export interface FolderNode extends Named {
  readonly kind: 'folder';
  readonly isLink: false;
  /** All that is in it, once it has been listed. */
  readonly children: Map<string, TreeNode>;
  /** When its listing began, as `performance.now` counts; null for one that must be listed anew. */
  listedAt: number | null;
  /** A rename here failed, and only the store knows how far it came: it is listed anew where that can be, and holds good as it
   *  is where the store cannot be reached. */
  isDoubted: boolean;
  /** What was removed or renamed away, and when: a store's listing may still show it. */
  readonly removals: Map<string, Removal>;
  modified: Nanoseconds;
  /** Whether `modified` is ours, and not the remote's. */
  hasOwnTime: boolean;
  /** Stays although the remote has no such folder: it was made here, or emptied here, and the store knows none. */
  isKept: boolean;
  /** Its path when the remote was asked last whether short names fit into it, and they did. */
  shortNamesFitAt: string | null;
  /** Looked at since the last poll. */
  isUsed: boolean;
}

export interface Removal {
  readonly step: number;
  readonly at: number;
}

export type TreeNode = FileNode | FolderNode;

/** Throws Failure('folder-not-found') for a file. */
export function asFolder(node: Node): FolderNode {
  if (isTreeNode(node) && node.kind === 'folder') return node;
  throw new Failure('folder-not-found', 'a folder was asked for and a file stands there');
}

/** Throws Failure('is-folder') for a folder. */
export function asFile(node: Node): FileNode {
  if (isTreeNode(node) && node.kind === 'file') return node;
  throw new Failure('is-folder', 'a file was asked for and a folder stands there');
}

export function isTreeNode(node: Node): node is TreeNode {
  return 'parent' in node;
}

/** What the remote has at the file's path now: an upload may have changed it. */
export function entryOf(file: FileNode): FileEntry | null {
  const { content } = file;
  if (!content) return file.entry;
  if (content.entry !== file.entry) {
    file.entry = content.entry;
    file.ownChangeAt = performance.now();
  }
  if (!content.isDirty && file.openCount === 0) file.content = null;
  return file.entry;
}

/** The file has `content` from now on, until nobody needs that. */
export function giveContent(file: FileNode, content: Content): Content {
  file.content = content;
  file.openCount = 0;
  content.onIdle = () => entryOf(file);
  return content;
}

export function isDirty(node: TreeNode): boolean {
  return node.kind === 'file' && node.content !== null && node.content.isDirty;
}

/** Whether the remote may have nothing of `node` although it is there: it, or something below it, is dirty or kept. */
export function standsHereAlone(node: TreeNode): boolean {
  if (node.kind === 'file') return isDirty(node);
  if (node.isKept) return true;
  for (const child of node.children.values()) if (standsHereAlone(child)) return true;
  return false;
}

/** Every open or dirty file at or below `node`. */
export function* contentsBelow(node: TreeNode): Generator<FileNode> {
  if (node.kind === 'folder') for (const child of node.children.values()) yield* contentsBelow(child);
  else if (node.content) yield node;
}

/** Whether `node` is `folder` or lies in it. */
export function isWithin(node: TreeNode, folder: FolderNode): boolean {
  for (let at: TreeNode | null = node; at; at = at.parent) if (at === folder) return true;
  return false;
}

/** The path on the remote of a node of the tree whose root stands at `rootPath`; null once it has been removed. */
export function pathOf(node: TreeNode, root: FolderNode, rootPath: string): string | null {
  const names: string[] = [];
  let at: TreeNode = node;
  for (; at.parent; at = at.parent) names.push(storedName(at, at.name));
  return at === root ? joinPath(rootPath, names.reverse().join('/')) : null;
}
