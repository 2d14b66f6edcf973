import { noBytes } from '../../core/bytes.ts';
import type { Entry, FileEntry } from '../../core/entry.ts';
import { isFailure } from '../../core/failure.ts';
import { relativePath } from '../../core/path.ts';
import { plainSize } from '../../formats/rclone-crypt/layout.ts';
import { isReserved, rekeyMarkerName, shareName } from './reserved.ts';
import type { CryptSettings } from './settings.ts';
import { createTally } from './tally.ts';

/** Opens the entries of one listing, or of one sweep. */
export interface ListingOpener {
  /** The page without what does not open. Throws Failure('corrupt') at such a name where names are strict. */
  open(page: readonly Entry[]): readonly Entry[];
  /** What came, as far as it was opened. */
  readonly seen: { readonly anything: boolean; readonly rekeyMarker: boolean };
  /** As `Tally`. */
  finish(): void;
}

/** `root` is the path of the base that sealed paths start from, `dir` the plain folder that is listed. */
export function createListingOpener(settings: CryptSettings, root: string, dir: string): ListingOpener {
  const { names, report } = settings;
  const tally = createTally(settings, dir);
  const seen = { anything: false, rekeyMarker: false };

  function openEntry(entry: Entry): readonly Entry[] {
    const sealed = relativePath(root, entry.path);
    seen.anything = true;
    if (isReserved(sealed)) {
      if (sealed === rekeyMarkerName) seen.rekeyMarker = true;
      if (sealed === shareName) tally.seeShare();
      return [];
    }
    const path = entry.kind === 'file' ? names.openFile(sealed) : names.openFolder(sealed);
    if (path === null) {
      tally.skip(sealed);
      // rclone's mkdir seals a name with a version as that of a file, and looks for what is in the folder elsewhere.
      const asFile = entry.kind === 'folder' ? names.openFile(sealed) : null;
      if (asFile !== null) tally.open(asFile);
      return [];
    }
    const isEncrypted = entry.kind === 'file' ? settings.encryptsFiles : settings.encryptsFolders;
    if (isEncrypted) tally.open(path);
    if (settings.showsMapping) report.notice(path, `Encrypts to ${JSON.stringify(sealed)}`);
    return [openEntryAt(settings, entry, path)];
  }

  return { seen, open: (page) => page.flatMap(openEntry), finish: tally.finish };
}

/** An entry of the base as the crypt remote shows it. */
export function openEntryAt(settings: CryptSettings, sealed: Entry, path: string): Entry {
  return sealed.kind === 'file' ? openFile(settings, sealed, path) : { ...sealed, path };
}

/** A file of the base as the crypt remote shows it: nothing that tells of the sealed bytes, but the tag of its state. */
export function openFile(settings: CryptSettings, sealed: FileEntry, path: string): FileEntry {
  const { modified, tag, attributes } = sealed;
  const file: FileEntry = { kind: 'file', path, size: openSize(settings, sealed.size, path), modified, tag };
  if (attributes === undefined) return file;
  return { ...file, attributes: attributes && openAttributes(settings, attributes, path) };
}

/** Empty for those that do not open: there is something, and nobody knows what. */
function openAttributes({ attributes, report }: CryptSettings, sealed: Uint8Array, path: string): Uint8Array {
  const plain = attributes.open(sealed);
  if (!plain) report.notice(path, 'its mode, owner and extended attributes do not open: damaged, or of a newer coffer');
  return plain ?? noBytes;
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
