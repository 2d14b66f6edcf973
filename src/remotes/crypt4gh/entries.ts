import type { Entry, FileEntry } from '../../core/entry.ts';
import { isFailure } from '../../core/failure.ts';
import { relativePath } from '../../core/path.ts';
import { keptSize, keptSpans } from '../../formats/crypt4gh/edits.ts';
import { headerLengthFor, plainSize } from '../../formats/crypt4gh/layout.ts';
import type { EditList } from '../../formats/crypt4gh/payload.ts';
import { createSkippedNames } from '../layer/skipped-names.ts';
import { openName } from './names.ts';
import type { Crypt4ghSettings } from './settings.ts';

/** Shows the entries of one listing of the base, or of one sweep. */
export interface ListingOpener {
  /** The page without files that lack the suffix. Throws Failure('corrupt') at one where names are strict. */
  open(page: readonly Entry[]): readonly Entry[];
  /** To be called after the last page. Tells what was left out. */
  finish(): void;
}

/** `root` is the path of the base that sealed paths start from, `dir` the plain folder that is listed. */
export function createListingOpener(settings: Crypt4ghSettings, root: string, dir: string): ListingOpener {
  const { suffix, label } = settings;
  const words = { fault: `no ${suffix} at its end`, many: `files without ${suffix}` };
  const skipped = createSkippedNames({ ...settings, ...words });

  function openPage(page: readonly Entry[]): readonly Entry[] {
    const entries: Entry[] = [];
    for (const entry of page) {
      const sealed = relativePath(root, entry.path);
      const path = entry.kind === 'file' ? openName(sealed, suffix) : sealed;
      if (path === null) skipped.add(sealed);
      else entries.push(entry.kind === 'file' ? estimatedEntry(settings, entry, path) : { ...entry, path });
    }
    return entries;
  }
  return { open: openPage, finish: () => skipped.tell(`${label}${dir}`) };
}

/** A file of the base whose header has not been read: it is taken to have the length of those that are written here. */
export function estimatedEntry(settings: Crypt4ghSettings, sealed: FileEntry, path: string): FileEntry {
  const size = estimatedSize(sealed.size, Math.max(1, settings.recipients.length));
  if (size < 0 && sealed.size >= 0) settings.report.notice(path, `damaged: no Crypt4GH file has ${sealed.size} bytes`);
  return shown(sealed, path, size, size >= 0);
}

/** What the header of a file says of its size. */
export interface Extent {
  readonly headerLength: number;
  /** Null where there is none, or where it is not for us to read. */
  readonly edits: EditList | null;
}

/** A file of the base whose header is known. */
export function describedEntry(
  { report }: Crypt4ghSettings,
  sealed: FileEntry,
  path: string,
  { headerLength, edits }: Extent,
): FileEntry {
  const size = sizeOrDamaged(sealed.size, headerLength);
  if (size < 0 && sealed.size >= 0) report.notice(path, `damaged: no Crypt4GH file has ${sealed.size} bytes`);
  return shown(sealed, path, size < 0 ? size : keptSize(keptSpans(edits), size));
}

/** A file that is none of Crypt4GH's, shown so that it can be removed or replaced; reading it fails. */
export function damagedEntry({ report }: Crypt4ghSettings, sealed: FileEntry, path: string, why: string): FileEntry {
  report.notice(path, `damaged: ${why}`);
  return shown(sealed, path, -1);
}

/** Nothing that tells of the sealed bytes, but the tag of their state. */
function shown({ modified, tag }: FileEntry, path: string, size: number, isSizeEstimated = false): FileEntry {
  return { kind: 'file', path, size, modified, isSizeEstimated, ...(tag !== undefined && { tag }) };
}

/** -1 where no number of recipients fits. A file smaller than most may have fewer of them. */
function estimatedSize(sealedSize: number, recipients: number): number {
  for (let count = recipients; count > 0; count--) {
    const size = sizeOrDamaged(sealedSize, headerLengthFor(count));
    if (size >= 0) return size;
  }
  return -1;
}

/** -1 for a length that no such file has. */
function sizeOrDamaged(sealedSize: number, headerLength: number): number {
  if (sealedSize < 0) return -1;
  try {
    return plainSize(sealedSize, headerLength);
  } catch (error) {
    if (!isFailure(error, 'corrupt')) throw error;
    return -1;
  }
}
