import { throwIfCancelled } from '../core/cancel.ts';
import type { Entry, FileEntry, Nanoseconds } from '../core/entry.ts';
import { isInside, joinPath, relativePath, sortByPath, splitFirst } from '../core/path.ts';
import type { Call } from '../core/remote.ts';

export interface StoredFile {
  readonly data: Uint8Array;
  readonly modified: Nanoseconds;
  readonly mimeType?: string;
  readonly attributes?: Uint8Array;
}

/** Object name → file. */
export type Bucket = Map<string, StoredFile>;

const entriesPerPage = 1000;

export function fileEntry(path: string, file: StoredFile, call: Call | undefined): FileEntry {
  const { data, attributes = null, ...rest } = file;
  return { kind: 'file', path, size: data.length, ...rest, ...(call?.attributes && { attributes }) };
}

export function folderEntry(path: string): Entry {
  return { kind: 'folder', path, modified: null };
}

/** What stands directly in the folder `dir`, whose last segments are a prefix of names. */
export function children(dir: string, bucket: Bucket, call: Call | undefined): Entry[] {
  const [name, prefix] = splitFirst(dir);
  const folders = new Set<string>();
  const entries: Entry[] = [];
  for (const [key, file] of bucket) {
    if (!isInside(prefix, key) || key === prefix) continue;
    const [child, ...deeper] = relativePath(prefix, key).split('/');
    const path = joinPath(dir, child ?? '');
    if (deeper.length === 0) entries.push(fileEntry(joinPath(name, key), file, call));
    else folders.add(path);
  }
  return [...entries, ...[...folders].map(folderEntry)];
}

/** Sorts them. */
export async function* pages(entries: Entry[], call: Call | undefined): AsyncGenerator<readonly Entry[]> {
  sortByPath(entries);
  for (let start = 0; start < entries.length; start += entriesPerPage) {
    throwIfCancelled(call?.signal);
    yield entries.slice(start, start + entriesPerPage);
  }
}

/** Whether the prefix is a folder. */
export function hasBelow(bucket: Bucket, prefix: string): boolean {
  for (const key of bucket.keys()) if (key.startsWith(`${prefix}/`)) return true;
  return false;
}
