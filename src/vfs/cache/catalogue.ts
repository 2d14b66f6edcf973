import type { FileEntry } from '../../core/entry.ts';
import { isSameVersion } from '../version.ts';
import type { CacheFolder } from './folder.ts';

/** A clean file in the cache that nobody has open. */
export interface Kept {
  readonly id: string;
  readonly entry: FileEntry;
  /** Bytes on the disk. */
  readonly size: number;
  /** When it was last used, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** The clean files in the cache that nobody has open: these may be used again, and may go at any time. */
export interface Catalogue {
  /** Takes the file of this version out, to be used; null where there is none. */
  take(entry: FileEntry): Kept | null;
  /** Returns what was kept of this path until now, for the caller to remove. */
  put(kept: Kept): Kept | null;
  /** Takes it out where it still is kept, and removes it from the disk. */
  remove(kept: Kept): Promise<void>;
  has(kept: Kept): boolean;
  all(): Kept[];
}

export function createCatalogue(folder: CacheFolder): Catalogue {
  const byPath = new Map<string, Kept>();

  async function remove(kept: Kept): Promise<void> {
    if (byPath.get(kept.entry.path) === kept) byPath.delete(kept.entry.path);
    await folder.remove(kept.id);
  }

  return {
    take(entry) {
      const kept = byPath.get(entry.path);
      if (!kept || !isSameVersion(kept.entry, entry)) return null;
      byPath.delete(entry.path);
      return kept;
    },
    put(kept) {
      const before = byPath.get(kept.entry.path) ?? null;
      byPath.set(kept.entry.path, kept);
      return before;
    },
    remove,
    has: (kept) => byPath.get(kept.entry.path) === kept,
    all: () => [...byPath.values()],
  };
}
