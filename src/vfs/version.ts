import type { FileEntry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';

/** Whether two entries tell of the same bytes, as far as the store lets one know: by its tag, or else by size and time. */
export function isSameVersion(a: FileEntry, b: FileEntry): boolean {
  if (isSized(a) && isSized(b) && a.size !== b.size) return false;
  if (a.tag !== undefined && b.tag !== undefined) return a.tag === b.tag;
  return a.modified === null || b.modified === null || a.modified === b.modified;
}

/** Whether `copy` has the bytes of `entry`. A store may give it a tag of its own. */
export function isCopy(entry: FileEntry, { tag, ...copy }: FileEntry): boolean {
  const hasSameTag = tag !== undefined && tag === entry.tag;
  return hasSameTag || (entry.modified !== null && copy.modified !== null && isSameVersion(entry, copy));
}

/** A store that sends a file in chunks does not say how long it is. */
function isSized({ size, isSizeEstimated }: FileEntry): boolean {
  return size >= 0 && !isSizeEstimated;
}

export function replacedFailure(path: string): Failure {
  return new Failure('changed', `${path}: another version has taken its place on the remote since it was opened`, {
    path,
  });
}
