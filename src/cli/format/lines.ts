import type { FileEntry, FolderEntry, Nanoseconds } from '../../core/entry.ts';
import { formatSize } from '../../core/size.ts';
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

/** A line of `lsd`. The size and the number of items are -1: nobody counts them. */
export function folderLine(folder: FolderEntry, modified: Nanoseconds, style: SizeStyle): string {
  const items = style === 'human' ? '-1'.padStart(8) : '-1'.padStart(9);
  return `${sizeField(-1, style, 12)} ${formatSeconds(modified)} ${items} ${folder.path}`;
}

function sizeField(size: number, style: SizeStyle, width: number): string {
  if (style === 'bytes') return String(size).padStart(width);
  return (size < 0 ? `-${formatSize(-size)}` : formatSize(size)).padStart(9);
}
