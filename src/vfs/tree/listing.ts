import type { Awaitable } from '../../core/awaitable.ts';
import type { Entry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { isSameVersion } from '../version.ts';
import { confirmOwnChanges, type Found, takeFound } from './found.ts';
import { isLinkAt } from './link-names.ts';
import { entryOf, type FileNode, type FolderNode, isDirty, standsHereAlone, type TreeNode } from './node.ts';
import type { Tree } from './tree.ts';

/** Keeps the folders of a tree in step with the remote. */
export interface Listings {
  /** What is in a folder: as it was listed last, or anew where that was too long ago.
   *  Throws Failure('folder-not-found') for one that is gone. */
  read(folder: FolderNode): Awaitable<ReadonlyMap<string, TreeNode>>;
  /** As `read`, for what is moving names, with `Tree.naming`. */
  readHeld(folder: FolderNode): Awaitable<ReadonlyMap<string, TreeNode>>;
  /** Lists now. */
  refresh(folder: FolderNode): Promise<void>;
}

/** How the tree was when a listing began. */
interface Since {
  readonly step: number;
  /** As `performance.now` counts: the listing may lack what was done here from then on. */
  readonly at: number;
  /** What the listing cannot have, uploaded meanwhile or not. */
  readonly dirty: ReadonlySet<TreeNode>;
}

// A store such as Swift may take this long to show in its listings what was done.
const listingLag = 60_000; // milliseconds

export function createListings(tree: Tree): Listings {
  const { remote } = tree;
  const running = new Map<FolderNode, Promise<void>>();

  function refresh(folder: FolderNode): Promise<void> {
    const known = running.get(folder);
    if (known) return known;
    const listing = tree.naming.listing(folder, () => relist(folder)).finally(() => running.delete(folder));
    running.set(folder, listing);
    return listing;
  }

  async function relist(folder: FolderNode): Promise<void> {
    const path = tree.path(folder);
    const startedAt = performance.now();
    const dirty = new Set([...folder.children.values()].filter(isDirty));
    const since: Since = { step: tree.step, at: startedAt - listingLag, dirty };
    const found = await entriesIn(folder, path);
    await confirmOwnChanges(tree, folder, found, since.at);
    merge(folder, found, since);
    folder.listedAt = startedAt;
    folder.isDoubted = false;
  }

  async function entriesIn(folder: FolderNode, path: string): Promise<Found> {
    const found: Found = new Map();
    try {
      for await (const page of remote.list(path, tree.asking))
        for (const entry of page) takeFound(tree, found, path, entry);
    } catch (error) {
      if (!isFailure(error, 'folder-not-found')) throw error;
      const mayBeMissing = folder === tree.root || !remote.features.emptyFolders || standsHereAlone(folder);
      if (!mayBeMissing) {
        vanish(folder);
        throw error;
      }
    }
    return found;
  }

  /** Brings the folder in step with what was found; changes of our own since then stand, uploads too. */
  function merge(folder: FolderNode, found: Found, since: Since): void {
    const { step, dirty } = since;
    const isFirst = folder.listedAt === null && folder.children.size === 0;
    for (const [name, removal] of folder.removals) if (removal.step > step) found.delete(name);
    for (const child of [...folder.children.values()]) {
      const isOlder = child.step <= step && !dirty.has(child) && !isDirty(child);
      if (isOlder) update(child, found.get(child.name), since.at);
      if (child.parent === folder) found.delete(child.name);
    }
    for (const [name, entry] of found) {
      tree.attach(tree.newNode(entry, name), folder, name, 'listing');
      if (!isFirst) tree.announce({ folder, name, node: null });
    }
  }

  /** Brings one node in step with what stands under its name on the remote. */
  function update(child: TreeNode, entry: Entry | undefined, since: number): void {
    if (!entry && standsHereAlone(child)) return;
    if (!entry || entry.kind !== child.kind || isLinkAt(entry, child.name) !== child.isLink) {
      vanish(child);
    } else if (child.kind === 'folder') {
      // What was found may be older than what was removed from it, and then it is found no more.
      child.isKept &&= [...child.removals.values()].some(({ at }) => at >= since);
      if (!child.hasOwnTime && entry.modified !== null) child.modified = entry.modified;
    } else if (entry.kind === 'file') {
      updateFile(tree, child, entry);
    }
  }

  function vanish(node: TreeNode): void {
    const { parent: folder, name } = node;
    if (!folder) return;
    tree.detach(node, 'listing');
    tree.announce({ folder, name, node });
  }

  function readBy(
    list: (folder: FolderNode) => Promise<void>,
    folder: FolderNode,
  ): Awaitable<ReadonlyMap<string, TreeNode>> {
    if (tree.isRemoved(folder)) {
      throw new Failure('folder-not-found', `${folder.name}: the folder has been removed`, { path: folder.name });
    }
    folder.isUsed = true;
    const isFresh = folder.listedAt !== null && performance.now() - folder.listedAt < tree.options.folderCacheTime;
    if (isFresh && !folder.isDoubted) return folder.children;
    // A move may take minutes on a store, and most of what is known holds good.
    const isBusy = list === refresh && tree.naming.keepsFromListing(folder);
    if (isBusy && folder.listedAt !== null && !folder.isDoubted) return folder.children;
    return list(folder).then(
      () => folder.children,
      (error: unknown) => {
        if (isFresh && isFailure(error, 'transient')) return folder.children;
        throw error;
      },
    );
  }

  return {
    read: (folder) => readBy(refresh, folder),
    readHeld: (folder) => readBy(relist, folder),
    refresh,
  };
}

/** Takes note of what the remote has of a file that is not dirty. Another version is for those who open it from now on:
 *  who has it open stays with the one that was opened. */
export function updateFile(tree: Tree, file: FileNode, entry: Entry & { readonly kind: 'file' }): void {
  const known = entryOf(file);
  if (known && isSameVersion(known, entry)) {
    const sized = entry.isSizeEstimated && !known.isSizeEstimated ? { size: known.size, isSizeEstimated: false } : null;
    // A listing need not tell what is known.
    const kept = known.attributes === undefined ? null : { attributes: known.attributes };
    if (!file.content) file.entry = { ...kept, ...entry, modified: entry.modified ?? known.modified, ...sized };
    return;
  }
  file.content = null;
  file.openCount = 0;
  file.entry = entry;
  file.changed = null;
  if (file.parent) tree.announce({ folder: file.parent, name: file.name, node: file });
}
