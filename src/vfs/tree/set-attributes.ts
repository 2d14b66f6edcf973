import { Failure } from '../../core/failure.ts';
import type { Content, ContentStore } from '../content.ts';
import type { AttributeChanges, Attributes } from '../vfs.ts';
import { attributesOf } from './attributes.ts';
import type { FileNode, TreeNode } from './node.ts';
import { releaseContent, retainContent } from './opened.ts';
import type { Tree } from './tree.ts';

/** Throws Failure('unsupported') for what no remote keeps, before anything is changed. */
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

function requireSupported(tree: Tree, node: TreeNode, { size, modified, mode, uid, gid }: AttributeChanges): void {
  const { options, remote } = tree;
  const present = node.kind === 'file' ? options.fileMode : options.folderMode;
  const refuse = (kind: 'unsupported' | 'is-folder', message: string): never => {
    throw new Failure(kind, `${node.name}: ${message}`, { path: node.name });
  };
  if (mode !== undefined && mode !== present) refuse('unsupported', 'the remote keeps no permissions');
  if ((uid !== undefined && uid !== options.uid) || (gid !== undefined && gid !== options.gid)) {
    refuse('unsupported', 'the remote keeps no owners');
  }
  if (node.kind === 'folder' && size !== undefined) refuse('is-folder', 'is a folder, which has no size');
  const keepsNoTimes = options.usesModified && remote.features.modifiedPrecision === null;
  if (node.kind === 'file' && modified !== undefined && keepsNoTimes) {
    refuse('unsupported', 'the remote keeps no modification times');
  }
}
