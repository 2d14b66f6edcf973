import { viewOf } from '../../core/bytes.ts';
import { fuse_dirent, fuse_entry_out } from './messages.ts';

/** One name in a folder, as readdir(2) shows it. */
export interface DirectoryEntry {
  readonly name: Uint8Array;
  /** The number of its node. */
  readonly ino: number;
  /** Of `st_mode`: S_IFDIR or S_IFREG. */
  readonly type: number;
}

const alignment = 8;

export function direntSize(name: Uint8Array): number {
  return Math.ceil((fuse_dirent.size + name.length) / alignment) * alignment;
}

/** As `fuse_direntplus`: an entry in front, whose size is a multiple of the alignment. */
export function direntPlusSize(name: Uint8Array): number {
  return fuse_entry_out.size + direntSize(name);
}

/** Writes an entry at `offset`; `next` is what the kernel gives back to read on behind it. */
export function writeDirent(into: Uint8Array, offset: number, entry: DirectoryEntry, next: number): void {
  const { ino, name, type } = entry;
  fuse_dirent.write(viewOf(into), offset, { ino, off: next, namelen: name.length, type: type >> 12 });
  into.set(name, offset + fuse_dirent.size);
}
