import { Failure } from '../../core/failure.ts';
import type { Content, ContentStore } from '../content.ts';
import type { AttributeChanges, Attributes } from '../vfs.ts';
import { attributesOf, ownershipOf } from './attributes.ts';
import type { FileNode, TreeNode } from './node.ts';
import { releaseContent, retainContent } from './opened.ts';
import type { Tree } from './tree.ts';

const executable = 0o100;

/** Modes, owners, times of access and times of folders hold until the Vfs ends: no remote keeps them.
 *  Throws Failure('unsupported') for a time of a file that the remote would not keep, and for a change of the execute bit
 *  of a file that nobody has open, before anything is changed. */
export async function setAttributes(
  tree: Tree,
  store: ContentStore,
  node: TreeNode,
  changes: AttributeChanges,
): Promise<Attributes> {
  const { size, modified, accessed } = changes;
  requireSupported(tree, node, changes);
  if (node.kind === 'file') {
    const setsModified = modified !== undefined && tree.options.usesModified;
    if (size !== undefined || setsModified) {
      await withContent(tree, store, node, async (content) => {
        if (size !== undefined) await content.truncate(size);
        if (setsModified) await content.setModified(modified);
      });
    }
  } else if (modified !== undefined) {
    // No remote keeps a folder's time: it holds until the Vfs ends.
    node.modified = modified;
    node.hasOwnTime = true;
  }
  if (accessed !== undefined) node.accessed = accessed;
  setOwnership(tree, node, changes);
  tree.touch(node);
  return attributesOf(tree, node);
}

/** What is done to a file that nobody has open is uploaded at once. */
async function withContent(
  tree: Tree,
  store: ContentStore,
  file: FileNode,
  action: (content: Content) => Promise<void>,
): Promise<void> {
  const wasOpen = file.content !== null;
  const content = await retainContent(tree, store, file);
  try {
    await action(content);
    if (!wasOpen) await content.flush();
  } finally {
    await releaseContent(file, content);
  }
}

function setOwnership(tree: Tree, node: TreeNode, changes: AttributeChanges): void {
  const present = ownershipOf(tree, node);
  for (const key of ['mode', 'uid', 'gid'] as const) {
    const value = changes[key];
    if (value === undefined || value === present[key]) continue;
    tree.tellOnce('', 'permissions and owners that are set hold until it is unmounted: the remote keeps none');
    node[key] = value;
  }
}

function requireSupported(tree: Tree, node: TreeNode, { size, modified, mode }: AttributeChanges): void {
  const { options, remote } = tree;
  const refuse = (kind: 'unsupported' | 'is-folder', message: string): never => {
    throw new Failure(kind, `${node.name}: ${message}`, { path: node.name });
  };
  // rsync and cp set modes while they write, and could not do without. But git would trust a file system that takes
  // this one, and find every program changed at the next mount.
  const setsExecutable = mode !== undefined && ((mode ^ ownershipOf(tree, node).mode) & executable) !== 0;
  if (node.kind === 'file' && setsExecutable && node.openCount === 0) {
    refuse('unsupported', 'the remote does not keep whether a file can be run');
  }
  if (node.kind === 'folder' && size !== undefined) refuse('is-folder', 'is a folder, which has no size');
  const keepsNoTimes = options.usesModified && remote.features.modifiedPrecision === null;
  if (node.kind === 'file' && modified !== undefined && keepsNoTimes) {
    refuse('unsupported', 'the remote keeps no modification times');
  }
}
