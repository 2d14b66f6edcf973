import type { Entry, Nanoseconds } from '../../core/entry.ts';
import { baseName, comparePaths } from '../../core/path.ts';

export type EntryOrder = (a: Entry, b: Entry) => number;

/** By what `tree` can sort. */
export type TreeSort = 'name' | 'version' | 'size' | 'mtime' | 'folders';

/** The order of the entries of one folder. Names break ties. `unknownTime` stands where a store keeps no time. */
export function treeOrder(sort: TreeSort, isReversed: boolean, unknownTime: Nanoseconds): EntryOrder {
  const orders: Readonly<Record<TreeSort, EntryOrder>> = {
    name: byName,
    version: (a, b) => compareVersions(baseName(a.path), baseName(b.path)),
    size: (a, b) => (a.size ?? -1) - (b.size ?? -1),
    mtime: (a, b) => compareTimes(a.modified ?? unknownTime, b.modified ?? unknownTime),
    folders: (a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder'),
  };
  const order = orders[sort];
  const direction = isReversed ? -1 : 1;
  return (a, b) => direction * (order(a, b) || byName(a, b));
}

function byName(a: Entry, b: Entry): number {
  return comparePaths(a.path, b.path);
}

function compareTimes(a: Nanoseconds, b: Nanoseconds): number {
  return a < b ? -1 : Number(a > b);
}

/** `v9` before `v10`: numbers by their values, digits before all else, of equal numbers the one with fewer zeros first. */
export function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [piecesOf(a), piecesOf(b)];
  for (const [index, piece] of ours.entries()) {
    const other = theirs[index];
    if (other === undefined) return 1;
    const difference = comparePieces(piece, other);
    if (difference !== 0) return difference;
  }
  return ours.length - theirs.length;
}

/** Numbers whole, all else character by character. */
function piecesOf(name: string): readonly string[] {
  return name.match(/[0-9]+|[^0-9]/gu) ?? [];
}

function comparePieces(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^[0-9]/.test(a), /^[0-9]/.test(b)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (!isNumber) return comparePaths(a, b);
  const [value, other] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return value.length - other.length || comparePaths(value, other) || a.length - b.length;
}
