import type { Entry, FileEntry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { isValidText } from '../../core/name-bytes.ts';
import { relativePath } from '../../core/path.ts';
import { plainSize } from '../../formats/rclone-crypt/layout.ts';
import type { CryptSettings } from './settings.ts';

/** Opens the entries of one listing, or of one sweep. */
export interface ListingOpener {
  /** The page without what does not open. Throws Failure('corrupt') at such a name where names are strict. */
  open(page: readonly Entry[]): readonly Entry[];
  /** To be called after the last page. Tells what was skipped; throws Failure('wrong-password') when there were
   *  encrypted names and none opened. */
  finish(): void;
}

const mostNamed = 5;

/** `root` is the path of the base that sealed paths start from, `dir` the plain folder that is listed. */
export function createListingOpener(settings: CryptSettings, root: string, dir: string): ListingOpener {
  const { label, names, report } = settings;
  const skipped: string[] = [];
  let skippedCount = 0;
  let openedCount = 0;

  function openEntry(entry: Entry): readonly Entry[] {
    const sealed = relativePath(root, entry.path);
    const path = entry.kind === 'file' ? names.openFile(sealed) : names.openFolder(sealed);
    if (path === null) {
      skip(sealed);
      return [];
    }
    const isEncrypted = entry.kind === 'file' ? settings.encryptsFiles : settings.encryptsFolders;
    // Of the names that a wrong key opens by chance, next to none is valid text.
    if (isEncrypted && isValidText(path)) openedCount++;
    if (settings.showsMapping) report.notice(path, `Encrypts to ${JSON.stringify(sealed)}`);
    return [entry.kind === 'file' ? openFile(settings, entry, path) : { ...entry, path }];
  }

  function skip(sealed: string): void {
    if (settings.isStrict) throw new Failure('corrupt', `${sealed}: the name does not decrypt`, { path: sealed });
    report.debug(sealed, 'skipped: the name does not decrypt');
    skippedCount++;
    if (skipped.length < mostNamed) skipped.push(sealed);
  }

  return {
    open: (page) => page.flatMap(openEntry),
    finish() {
      if (skippedCount === 0) return;
      const where = `${label}${dir}`;
      if (openedCount === 0 && settings.encryptsFiles) {
        throw new Failure(
          'wrong-password',
          `no name in ${where} decrypts (of ${skippedCount}): wrong password, or other data is stored there`,
          { path: dir },
        );
      }
      const more = skippedCount > skipped.length ? ', …' : '';
      report.notice(where, `names that do not decrypt, skipped: ${skippedCount} (${skipped.join(', ')}${more})`);
    },
  };
}

/** A file of the base as the crypt remote shows it: nothing that tells of the sealed bytes, but the tag of its state. */
export function openFile(settings: CryptSettings, sealed: FileEntry, path: string): FileEntry {
  const { modified, tag } = sealed;
  return {
    kind: 'file',
    path,
    size: openSize(settings, sealed.size, path),
    modified,
    ...(tag !== undefined && { tag }),
  };
}

// A file of an impossible size is shown, so that it can be removed or replaced; reading it fails.
function openSize({ content, report }: CryptSettings, sealedSize: number, path: string): number {
  if (!content || sealedSize < 0) return sealedSize;
  try {
    return plainSize(sealedSize);
  } catch (error) {
    if (!isFailure(error, 'corrupt')) throw error;
    report.notice(path, `damaged: ${error.message}`);
    return -1;
  }
}
