import { Failure } from '../../core/failure.ts';
import type { ContentStore } from '../content.ts';
import type { AttributeChanges, Attributes } from '../vfs.ts';
import { attributesOf } from './attributes.ts';
import { isLongHole, requireRoom } from './holes.ts';
import { changeKept } from './kept.ts';
import type { FileNode, TreeNode } from './node.ts';
import { withContent } from './opened.ts';
import type { Tree } from './tree.ts';

const executable = 0o100;

/** What the remote does not keep holds until the Vfs ends: times of access, all of folders, and modes and owners where it
 *  keeps none. Throws Failure('unsupported') for a time of a file that the remote would not keep, and for a change of the
 *  execute bit of a file that nobody has open where modes are not kept, before anything is changed; as `requireRoom` for a
 *  size. */
export async function setAttributes(
  tree: Tree,
  store: ContentStore,
  node: TreeNode,
  changes: AttributeChanges,
): Promise<Attributes> {
  const { modified, accessed } = changes;
  const present = await attributesOf(tree, node);
  requireSupported(tree, node, changes, present);
  const { lasting, passing } = ownershipChanges(tree, node, changes, present);
  if (node.kind === 'file') {
    await changeFile(tree, store, node, changes, lasting);
  } else if (modified !== undefined) {
    // No remote keeps a folder's time: it holds until the Vfs ends.
    node.modified = modified;
    node.hasOwnTime = true;
  }
  if (accessed !== undefined) node.accessed = accessed;
  holdOwnership(tree, node, passing);
  tree.touch(node);
  return attributesOf(tree, node);
}

/** What of a new file or folder is to be other than it would be without asking. */
export function holdOwnership(tree: Tree, node: TreeNode, changes: OwnershipChanges): void {
  if (Object.keys(changes).length === 0) return;
  const whose = node.kind === 'folder' && tree.options.attributeRoom > 0 ? ' of folders' : '';
  tree.tellOnce('', `permissions and owners${whose} that are set hold until it is unmounted: the remote keeps none`);
  Object.assign(node, changes);
}

export type OwnershipChanges = Partial<Pick<Attributes, 'mode' | 'uid' | 'gid'>>;

/** What is not so already: what the remote is to keep, and what holds until the Vfs ends. */
function ownershipChanges(
  { options }: Tree,
  node: TreeNode,
  changes: OwnershipChanges,
  present: OwnershipChanges,
): { readonly lasting: OwnershipChanges; readonly passing: OwnershipChanges } {
  const lasting: { -readonly [K in keyof OwnershipChanges]: OwnershipChanges[K] } = {};
  const passing: typeof lasting = {};
  for (const key of ['mode', 'uid', 'gid'] as const) {
    const value = changes[key];
    if (value === undefined || value === present[key]) continue;
    const isKept = node.kind === 'file' && options.attributeRoom > 0 && (key === 'mode' || !options.overridesOwner);
    (isKept ? lasting : passing)[key] = value;
  }
  return { lasting, passing };
}

async function changeFile(
  tree: Tree,
  store: ContentStore,
  file: FileNode,
  { size, modified }: AttributeChanges,
  lasting: OwnershipChanges,
): Promise<void> {
  const setsModified = modified !== undefined && tree.options.usesModified;
  const setsKept = Object.keys(lasting).length > 0;
  if (size === undefined && !setsModified && !setsKept) return;
  await withContent(tree, store, file, async (content) => {
    if (size !== undefined) {
      if (isLongHole(content.size, size)) await requireRoom(tree, file.name, size);
      await content.truncate(size);
    }
    if (setsModified) await content.setModified(modified);
    if (setsKept) await changeKept(tree, content, (kept) => ({ ...kept, ...lasting }));
  });
}

function requireSupported(
  tree: Tree,
  node: TreeNode,
  { size, modified, mode }: AttributeChanges,
  present: Attributes,
): void {
  const { options, remote } = tree;
  const refuse = (kind: 'unsupported' | 'is-folder', message: string): never => {
    throw new Failure(kind, `${node.name}: ${message}`, { path: node.name });
  };
  // rsync and cp set modes while they write, and could not do without. But git would trust a file system that takes
  // this one, and find every program changed at the next mount.
  const setsExecutable = mode !== undefined && ((mode ^ present.mode) & executable) !== 0;
  if (node.kind === 'file' && setsExecutable && node.openCount === 0 && options.attributeRoom === 0) {
    refuse('unsupported', 'the remote does not keep whether a file can be run');
  }
  if (node.kind === 'folder' && size !== undefined) refuse('is-folder', 'is a folder, which has no size');
  const keepsNoTimes = options.usesModified && remote.features.modifiedPrecision === null;
  if (node.kind === 'file' && modified !== undefined && keepsNoTimes) {
    refuse('unsupported', 'the remote keeps no modification times');
  }
}
