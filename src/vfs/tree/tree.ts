import type { Entry, FileEntry, FolderEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import type { Call, Location, Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { ContentStore } from '../content.ts';
import { createKeyedLock } from '../lock.ts';
import type { VfsOptions } from '../options.ts';
import type { Change } from '../vfs.ts';
import { isLinkAt } from './link-names.ts';
import { createNaming, type Naming } from './naming.ts';
import { entryOf, type FileNode, type FolderNode, isWithin, pathOf, type TreeNode } from './node.ts';

/** What the parts of a Vfs share: the nodes, and what changes them in memory alone. */
export interface Tree {
  readonly remote: Remote;
  readonly rootPath: string;
  readonly root: FolderNode;
  readonly options: VfsOptions;
  readonly report: Report;
  readonly noteMove: ContentStore['noteMove'];
  /** What entries of the remote have to carry. */
  readonly call: Call;
  /** As `call`, for what changes nothing: given up when the tree ends. */
  readonly asking: Call & { readonly signal: AbortSignal };
  readonly naming: Naming;
  /** Runs what needs a file at its path, and what takes that away, one after another. */
  alone<T>(file: FileNode, work: () => Promise<T>): Promise<T>;
  /** Counts changes made here, so that a listing knows which came after it began. */
  readonly step: number;
  /** On the remote. Throws Failure('not-found') for what has been removed. */
  path(node: TreeNode): string;
  isRemoved(node: TreeNode): boolean;
  newFile(entry: FileEntry | null, isLink?: boolean): FileNode;
  newFolder(entry: FolderEntry | null): FolderNode;
  /** For what is shown as `name`. */
  newNode(entry: Entry, name: string): TreeNode;
  /** Puts a node that has no parent into a folder, by this Vfs's caller or as a listing has it. */
  attach(node: TreeNode, folder: FolderNode, name: string, by: 'caller' | 'listing'): void;
  /** Takes a node out of its folder; it keeps what is below it. */
  detach(node: TreeNode, by: 'caller' | 'listing'): void;
  /** Takes note that a caller changed the node itself. */
  touch(node: TreeNode): void;
  announce(change: Change): void;
  /** Tells the user, the first time. */
  tellOnce(path: string, message: string): void;
  onChange(listener: (change: Change) => void): () => void;
  /** Nobody waits for an answer of the remote any more. */
  end(): void;
}

export function createTree(
  location: Location,
  options: VfsOptions,
  report: Report,
  noteMove: ContentStore['noteMove'],
): Tree {
  const { remote, path: rootPath } = location;
  const told = new Set<string>();
  const listeners = new Set<(change: Change) => void>();
  const startedAt = nowInNanoseconds();
  const naming = createNaming();
  const oneAtATime = createKeyedLock();
  const call: Call = { attributes: options.attributeRoom > 0 };
  const ending = new AbortController();
  let lastId = 0;
  let step = 0;

  // Put last into a node: before all else, V8 takes 10 µs for it.
  const named = () => ({
    id: ++lastId,
    name: '',
    parent: null,
    mode: null,
    uid: null,
    gid: null,
    accessed: null,
    changed: null,
    step: 0,
    ownChangeAt: Number.NEGATIVE_INFINITY,
  });

  function newFolder(entry: FolderEntry | null): FolderNode {
    return {
      kind: 'folder',
      isLink: false,
      children: new Map(),
      listedAt: null,
      isDoubted: false,
      removals: new Map(),
      modified: entry ? (entry.modified ?? startedAt) : nowInNanoseconds(),
      hasOwnTime: false,
      isKept: false,
      shortNamesFitAt: null,
      isUsed: false,
      ...named(),
    };
  }

  const newFile = (entry: FileEntry | null, isLink = false): FileNode => ({
    kind: 'file',
    isLink,
    entry,
    content: null,
    openCount: 0,
    writerCount: 0,
    ...named(),
  });

  const root = newFolder({ kind: 'folder', path: rootPath, modified: null });

  function touchFolder(folder: FolderNode): void {
    folder.modified = nowInNanoseconds();
    folder.hasOwnTime = true;
  }

  function touch(node: TreeNode): void {
    node.step = ++step;
    node.ownChangeAt = performance.now();
    node.changed = nowInNanoseconds();
  }

  return {
    remote,
    rootPath,
    root,
    options,
    report,
    noteMove,
    call,
    asking: { ...call, signal: ending.signal },
    naming,
    alone: (file, work) => naming.atName(file, () => oneAtATime(String(file.id), work)),
    get step() {
      return step;
    },
    path(node) {
      const path = pathOf(node, root, rootPath);
      if (path === null) throw new Failure('not-found', `${node.name}: has been removed`, { path: node.name });
      return path;
    },
    isRemoved: (node) => !isWithin(node, root),
    newFile,
    newFolder,
    newNode: (entry, name) => (entry.kind === 'file' ? newFile(entry, isLinkAt(entry, name)) : newFolder(entry)),

    attach(node, folder, name, by) {
      node.name = name;
      node.parent = folder;
      folder.children.set(name, node);
      if (by === 'listing') return;
      folder.removals.delete(name);
      touch(node);
      touchFolder(folder);
    },

    detach(node, by) {
      const folder = node.parent;
      if (!folder) return;
      // What is known of a file stays with its node.
      if (node.kind === 'file') entryOf(node);
      node.parent = null;
      if (folder.children.get(node.name) === node) folder.children.delete(node.name);
      if (by === 'listing') return;
      folder.removals.set(node.name, { step: ++step, at: performance.now() });
      if (!remote.features.emptyFolders) folder.isKept = true;
      node.changed = nowInNanoseconds();
      touchFolder(folder);
    },

    touch,
    tellOnce(path, message) {
      const key = `${path}\0${message}`;
      if (!told.has(key)) report.notice(path, message);
      told.add(key);
    },
    announce(change) {
      for (const listener of listeners) listener(change);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end: () => ending.abort(new Failure('cancelled', 'the mount has ended')),
  };
}
