import { whenThere } from '../core/awaitable.ts';
import { Failure } from '../core/failure.ts';
import { relativePath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { Report } from '../core/report.ts';
import type { Content, ContentStore } from './content.ts';
import type { VfsOptions } from './options.ts';
import { attributesOf } from './tree/attributes.ts';
import { extendedAttributes, setExtendedAttribute } from './tree/extended.ts';
import { linkName } from './tree/link-names.ts';
import { makeLink, readLink } from './tree/links.ts';
import { createListings } from './tree/listing.ts';
import { makeFile, makeFolder } from './tree/make.ts';
import { requireName } from './tree/names.ts';
import { asFile, asFolder, type FolderNode, giveContent, isTreeNode, type TreeNode } from './tree/node.ts';
import { openFile } from './tree/opened.ts';
import { startPolling } from './tree/polling.ts';
import { childOf, removeFile, removeFolder } from './tree/remove.ts';
import { exchange, rename } from './tree/rename.ts';
import { setAttributes } from './tree/set-attributes.ts';
import { createTree, type Tree } from './tree/tree.ts';
import { usageOf } from './tree/usage.ts';
import type { Node, Vfs } from './vfs.ts';

/** The folder at `location` as a tree. Disposing it ends its store; what is pending then is the store's to keep: see `drain`. */
export function createVfs(location: Location, store: ContentStore, options: VfsOptions, report: Report): Vfs {
  const tree = createTree(location, options, report, store.noteMove);
  const listings = createListings(tree);
  const polling = startPolling(tree, listings);
  for (const content of store.recovered()) adopt(tree, content);

  function requireWritable(): void {
    if (options.isReadOnly) throw new Failure('denied', 'mounted read-only');
  }

  return {
    root: tree.root,
    lookup(folder, name) {
      requireName(name);
      return whenThere(listings.read(asFolder(folder)), (children) => children.get(name) ?? null);
    },
    attributes: (node) => attributesOf(tree, asTreeNode(node)),
    list: (folder) =>
      whenThere(listings.read(asFolder(folder)), (children) =>
        Array.from(children, ([name, node]) => ({ name, node })),
      ),

    async makeFolder(folder, name, mode) {
      requireWritable();
      return makeFolder(tree, listings, { folder: asFolder(folder), name }, mode);
    },
    makeFile(folder, name, how) {
      requireWritable();
      return makeFile(tree, listings, store, { folder: asFolder(folder), name }, how);
    },
    async makeLink(folder, name, target) {
      requireWritable();
      return makeLink(tree, listings, store, { folder: asFolder(folder), name }, target);
    },
    readLink: async (node) => readLink(tree, store, asFile(node)),

    async remove(folder, name) {
      requireWritable();
      await removeFile(tree, listings, asFolder(folder), name);
    },
    async removeFolder(folder, name) {
      requireWritable();
      const place = { folder: asFolder(folder), name };
      await tree.naming.moving([place], async () => {
        await listings.readHeld(place.folder);
        const child = childOf(tree, place.folder, name);
        if (child.kind === 'file') throw new Failure('exists', `${name}: is a file, not a folder`, { path: name });
        await removeFolder(tree, listings, child);
      });
    },
    async rename(folder, name, toFolder, toName, how) {
      requireWritable();
      const from = { folder: asFolder(folder), name };
      const to = { folder: asFolder(toFolder), name: toName };
      await (how.exchange
        ? exchange(tree, listings, from, to)
        : rename(tree, listings, { from, to, replace: how.replace }));
    },

    async setAttributes(node, changes) {
      requireWritable();
      return setAttributes(tree, store, asTreeNode(node), changes);
    },
    keepsExtended: options.attributeRoom > 0,
    extendedAttributes: (node) => extendedAttributes(tree, asTreeNode(node)),
    async setExtendedAttribute(node, name, change) {
      requireWritable();
      await setExtendedAttribute(tree, store, asTreeNode(node), name, change);
    },
    async open(node, how) {
      if (how.write || how.truncate) requireWritable();
      return openFile(tree, store, asFile(node), how);
    },

    usage: () => usageOf(tree),
    invalidate: () => forgetListings(tree.root),
    onChange: tree.onChange,
    pending: store.pending,
    drain: store.drain,
    async [Symbol.asyncDispose]() {
      clearInterval(polling);
      tree.end();
      await store[Symbol.asyncDispose]();
    },
  };
}

function asTreeNode(node: Node): TreeNode {
  if (isTreeNode(node)) return node;
  throw new Failure('usage', 'a node of another file system');
}

function forgetListings(folder: FolderNode): void {
  folder.listedAt = null;
  for (const child of folder.children.values()) if (child.kind === 'folder') forgetListings(child);
}

/** Shows a file that an earlier run left to upload, and the folders on the way to it. */
function adopt(tree: Tree, content: Content): void {
  const names = relativePath(tree.rootPath, content.path).split('/');
  const name = names.pop() ?? '';
  let folder = tree.root;
  for (const step of names) {
    const known = folder.children.get(step);
    if (known?.kind === 'file') {
      tree.report.error(content.path, 'was left to upload, and is not shown: a part of its path is a file');
      return;
    }
    const next = known ?? tree.newFolder(null);
    if (!known) {
      next.isKept = true;
      tree.attach(next, folder, step, 'listing');
    }
    folder = next;
  }
  const link = linkName(tree.options, name, content);
  const file = tree.newFile(content.entry, link !== null);
  giveContent(file, content);
  tree.attach(file, folder, link ?? name, 'listing');
}
