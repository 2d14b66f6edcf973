import type { Entry, FileEntry } from '../../core/entry.ts';
import { baseName } from '../../core/path.ts';
import { linkSuffix } from '../../remotes/local/links.ts';
import type { VfsOptions } from '../options.ts';

/** Bytes: Linux's PATH_MAX less the zero. */
export const longestTarget = 4095;

/** What a file is called on the remote that is shown as `name`. */
export function storedName({ isLink }: { readonly isLink: boolean }, name: string): string {
  return isLink ? name + linkSuffix : name;
}

/** The name under which a symlink is shown whose text file the remote calls `stored`; null for any other file. */
export function linkName(
  { usesLinks }: Pick<VfsOptions, 'usesLinks'>,
  stored: string,
  { size }: Pick<FileEntry, 'size'>,
): string | null {
  const isLink = usesLinks && stored.endsWith(linkSuffix) && stored !== linkSuffix && size > 0 && size <= longestTarget;
  return isLink ? stored.slice(0, -linkSuffix.length) : null;
}

/** Whether what is shown as `name` is a symlink. */
export function isLinkAt(entry: Entry, name: string): boolean {
  return entry.kind === 'file' && baseName(entry.path) !== name;
}
