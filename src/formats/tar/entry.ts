import type { Nanoseconds } from '../../core/entry.ts';

/** A stretch of a sparse file that holds data. Between the stretches there are zeros, which take no room on a disk. */
export interface Extent {
  readonly offset: number;
  readonly size: number;
}

/** One member of an archive. Names carry bytes that are not UTF-8 as `core/name-bytes.ts` says. */
export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink' | 'device';
  /** Permission bits, with setuid and its like. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  readonly modified: Nanoseconds;
  /** Bytes of the file, with its holes. */
  readonly size: number;
  /** Where a link leads; '' for everything else. A hard link names another member. */
  readonly target: string;
  /** Only these parts of a sparse file hold data; null where all of it does. */
  readonly extents: readonly Extent[] | null;
}
