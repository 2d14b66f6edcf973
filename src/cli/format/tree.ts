import type { Entry, Nanoseconds } from '../../core/entry.ts';
import { formatFixed } from '../../core/fixed.ts';
import { baseName, parentPath } from '../../core/path.ts';
import { formatShortTime } from './time.ts';
import { coloured } from './tree-colour.ts';
import type { EntryOrder } from './tree-order.ts';

/** A folder with what is in it, or a file. */
interface TreeNode {
  readonly entry: Entry;
  readonly below: TreeNode[];
}

/** Entries as they are listed, in any order but that of a folder and what is in it. */
export interface Tree {
  readonly root: TreeNode;
  add(entry: Entry): void;
}

export function createTree(): Tree {
  const root: TreeNode = { entry: { kind: 'folder', path: '', modified: null }, below: [] };
  const folders = new Map([['', root]]);

  function addNode(entry: Entry): TreeNode {
    const node = { entry, below: [] };
    if (entry.kind === 'folder') folders.set(entry.path, node);
    folderAt(parentPath(entry.path)).below.push(node);
    return node;
  }

  // What --files-from names comes without its folders.
  function folderAt(path: string): TreeNode {
    return folders.get(path) ?? addNode({ kind: 'folder', path, modified: null });
  }
  return { root, add: addNode };
}

export interface TreeStyle {
  /** Null leaves entries in the order in which they were listed. */
  readonly order: EntryOrder | null;
  /** Folders at this depth were not looked into; 0 or less if all were. */
  readonly level: number;
  readonly sizes: 'bytes' | 'short' | null;
  readonly protections: boolean;
  readonly times: boolean;
  readonly fullPaths: boolean;
  readonly indents: boolean;
  readonly quotes: boolean;
  readonly colours: boolean;
  /** Stands where a store keeps no time. */
  readonly unknownTime: Nanoseconds;
  /** A name as it may be printed. */
  shown(name: string): string;
}

/** The lines of `tree`, without their ends, the root's first. */
export function* treeLines({ root }: Tree, style: TreeStyle): Generator<string> {
  yield lineOf(root, 0, style);
  yield* linesBelow(root, 1, '', style);
}

function* linesBelow({ below }: TreeNode, depth: number, indent: string, style: TreeStyle): Generator<string> {
  const { order } = style;
  const nodes = order ? below.toSorted((a, b) => order(a.entry, b.entry)) : below;
  for (const [index, node] of nodes.entries()) {
    const isLast = index === nodes.length - 1;
    const branch = style.indents ? indent + (isLast ? '└── ' : '├── ') : '';
    yield branch + lineOf(node, depth, style);
    yield* linesBelow(node, depth + 1, indent + (isLast ? '    ' : '│   '), style);
  }
}

function lineOf(node: TreeNode, depth: number, style: TreeStyle): string {
  const { path, kind } = node.entry;
  const name = style.shown(depth === 0 || style.fullPaths ? `/${path}` : baseName(path));
  const quoted = style.quotes ? `"${name}"` : name;
  const properties = propertiesOf(node, depth, style).join(' ');
  const shown = style.colours ? coloured(quoted, baseName(path), kind === 'folder') : quoted;
  return properties === '' ? shown : `[${properties}]  ${shown}`;
}

function propertiesOf(node: TreeNode, depth: number, { level, sizes, ...style }: TreeStyle): string[] {
  const { entry } = node;
  const size = sizes === null ? [] : [sizeField(node, level > 0 ? level - depth : Infinity, sizes)];
  if (entry.kind === 'folder') return size;
  return [
    ...(style.protections ? ['-rw-rw-rw-'] : []),
    ...size,
    ...(style.times ? [formatShortTime(entry.modified ?? style.unknownTime)] : []),
  ];
}

/** Of a folder what is known of the files in it; question marks where that is nothing. */
function sizeField(node: TreeNode, levels: number, style: 'bytes' | 'short'): string {
  const width = style === 'bytes' ? 11 : 4;
  const { size, isWhole } = sizeOf(node, levels);
  if (!isWhole && size <= 0) return '?'.repeat(width);
  return (style === 'bytes' ? String(size) : shortSize(size)).padStart(width);
}

function sizeOf({ entry, below }: TreeNode, levels: number): { size: number; isWhole: boolean } {
  if (entry.kind === 'file') return { size: entry.size, isWhole: true };
  let size = 0;
  let isWhole = levels > 0;
  for (const node of below) {
    const inner = sizeOf(node, levels - 1);
    size += inner.size;
    isWhole &&= inner.isWhole;
  }
  return { size, isWhole };
}

/** `117`, `1.2K`, `12M`. */
function shortSize(size: number): string {
  let power = 0;
  for (; size > 1024 ** (power + 1) && power < 6; power++);
  const scaled = size / 1024 ** power;
  return power === 0 ? String(size) : `${formatFixed(scaled, scaled < 10 ? 1 : 0)}${'KMGTPE'[power - 1]}`;
}

/** `3 directories, 15 files`. Where there are no files, rclone counts no folders either. */
export function treeReport({ root }: Tree, dirsOnly: boolean): string {
  const { folders, files } = countBelow(root);
  return `${files > 0 ? folders : 0} directories${dirsOnly ? '' : `, ${files} files`}`;
}

function countBelow({ below }: TreeNode): { folders: number; files: number } {
  const count = { folders: 0, files: 0 };
  for (const node of below) {
    const inner = countBelow(node);
    count.folders += inner.folders + Number(node.entry.kind === 'folder');
    count.files += inner.files + Number(node.entry.kind === 'file');
  }
  return count;
}
