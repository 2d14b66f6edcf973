import type { Awaitable } from '../../core/awaitable.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import {
  decodeAttributes,
  encodeAttributes,
  type FileAttributes,
  noAttributes,
} from '../../formats/file-attributes.ts';
import type { Content } from '../content.ts';
import type { FileNode } from './node.ts';
import type { Tree } from './tree.ts';

/** What the remote keeps of a file beside its bytes and its time, as far as is known; nothing where it does not open. */
export function keptOf({ content, entry }: FileNode): FileAttributes {
  const bytes = content ? content.attributes : entry?.attributes;
  return (bytes && decodeAttributes(bytes)) ?? noAttributes;
}

/** Whether nothing is left to be asked of the remote about what it keeps of a file. */
export function isKeptKnown({ options }: Tree, entry: FileEntry): boolean {
  return options.attributeRoom === 0 || entry.attributes !== undefined;
}

/** Changes what is kept of an open file: with its next upload where it is dirty, else on the remote.
 *  Throws Failure('unsupported') for what this version did not write, Failure('full') where the remote has no room. */
export function changeKept(
  tree: Tree,
  content: Content,
  change: (kept: FileAttributes) => FileAttributes,
): Awaitable<void> {
  const { path } = content;
  const kept = content.attributes ? decodeAttributes(content.attributes) : noAttributes;
  if (!kept) {
    const message = `${path}: its attributes are damaged, or of a newer coffer, and stay as they are`;
    throw new Failure('unsupported', message, { path });
  }
  const bytes = encodeAttributes(change(kept));
  if (bytes.length > tree.options.attributeRoom) {
    const message = `${path}: its attributes would need ${bytes.length} bytes, the remote takes ${tree.options.attributeRoom}`;
    throw new Failure('full', message, { path });
  }
  return content.setAttributes(bytes);
}
