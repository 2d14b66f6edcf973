import type { FileEntry, FolderEntry, Nanoseconds } from '../../core/entry.ts';
import { formatSize } from '../../core/size.ts';
import { formatCount } from './count.ts';
import { formatNanoseconds, formatSeconds } from './time.ts';

/** How sizes are written: in bytes, or with `--human-readable` with a suffix. */
export type SizeStyle = 'bytes' | 'human';

/** A line of `ls`: size, path. */
export function fileLine(file: FileEntry, style: SizeStyle): string {
  return `${sizeField(file.size, style, 9)} ${file.path}`;
}

/** A line of `lsl`: size, modification time, path. */
export function longLine(file: FileEntry, modified: Nanoseconds, style: SizeStyle): string {
  return `${sizeField(file.size, style, 9)} ${formatNanoseconds(modified)} ${file.path}`;
}

/** A line of `lsd`: size, modification time, items, path. Size and items are -1 where the store does not count them. */
export function folderLine(folder: FolderEntry, modified: Nanoseconds, style: SizeStyle): string {
  const { size = -1, items = -1, path } = folder;
  return `${sizeField(size, style, 12)} ${formatSeconds(modified)} ${countField(items, style)} ${path}`;
}

function countField(count: number, style: SizeStyle): string {
  return style === 'bytes' ? String(count).padStart(9) : formatCount(count).padStart(8);
}

function sizeField(size: number, style: SizeStyle, width: number): string {
  if (style === 'bytes') return String(size).padStart(width);
  return (size < 0 ? `-${formatSize(-size)}` : formatSize(size)).padStart(9);
}
