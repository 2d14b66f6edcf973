import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { Failure } from '../../core/failure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { fitsField } from '../../formats/file-attributes.ts';
import type { ContentStore } from '../content.ts';
import type { ExtendedChange } from '../vfs.ts';
import { attributesOf } from './attributes.ts';
import { changeKept, keptOf } from './kept.ts';
import type { TreeNode } from './node.ts';
import { withContent } from './opened.ts';
import type { Tree } from './tree.ts';

// Where a disk refuses a name of it alone, no copy could take that along.
const space = 'user.';

/** None of a folder. */
export function extendedAttributes(tree: Tree, node: TreeNode): Awaitable<ReadonlyMap<string, Uint8Array>> {
  if (node.kind === 'folder') return new Map();
  return whenThere(attributesOf(tree, node), () => keptOf(node).extended);
}

/** Throws Failure('unsupported') where none are kept, 'exists' and 'not-found' as `change` asks, 'full' where there is no room. */
export async function setExtendedAttribute(
  tree: Tree,
  store: ContentStore,
  node: TreeNode,
  name: string,
  { value, mustBeNew = false, mustExist = false }: ExtendedChange,
): Promise<void> {
  const path = node.name;
  if (node.kind === 'folder' || tree.options.attributeRoom === 0) {
    const what = node.kind === 'folder' ? 'of folders' : 'here';
    throw new Failure('unsupported', `${path}: the remote keeps no extended attributes ${what}`, { path });
  }
  if (name === space)
    throw new Failure('usage', `${path}: an extended attribute needs a name after ${space}`, { path });
  if (value && !fitsField(nameToBytes(name).length, value.length)) {
    throw new Failure('full', `${path}: the extended attribute ${name} has ${value.length} bytes`, { path });
  }
  await withContent(tree, store, node, async (content) =>
    changeKept(tree, content, (kept) => {
      const isThere = kept.extended.has(name);
      if (isThere && mustBeNew) throw new Failure('exists', `${path}: has ${name} already`, { path });
      if (!isThere && (mustExist || !value)) throw new Failure('not-found', `${path}: has no ${name}`, { path });
      const extended = new Map(kept.extended);
      if (value) extended.set(name, new Uint8Array(value));
      else extended.delete(name);
      return { ...kept, extended };
    }),
  );
  tree.touch(node);
}
