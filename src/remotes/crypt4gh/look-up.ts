import type { FileEntry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';
import { type Header, openHeader } from '../../formats/crypt4gh/header.ts';
import type { EditList } from '../../formats/crypt4gh/payload.ts';
import type { Placement } from '../layer/passed-on.ts';
import { plainFailure } from '../layer/plain-words.ts';
import { damagedEntry, describedEntry, estimatedEntry } from './entries.ts';
import { readHeader } from './read.ts';
import type { Crypt4ghSettings } from './settings.ts';

/** The file at `path` with its true size: its header is looked at beside what the store says of it. Without the own key
 *  an edit list stays unknown, and what it cuts off is counted. */
export async function lookUp(
  settings: Crypt4ghSettings,
  store: Remote,
  placement: Placement,
  path: string,
  call?: Call,
): Promise<FileEntry> {
  const sealedPath = placement.file(path);
  try {
    const [sealed, header] = await Promise.all([
      store.stat(sealedPath, call),
      readHeader({ remote: store, sealedPath, call }, path).catch(asFailure),
    ]);
    if (!(header instanceof Failure)) {
      const extent = { headerLength: header.length, edits: editsOf(settings, header, path) };
      return describedEntry(settings, sealed, path, extent);
    }
    if (isFailure(header, 'corrupt', 'unsupported')) return damagedEntry(settings, sealed, path, header.message);
    // Some may look and not read.
    if (isFailure(header, 'denied')) return estimatedEntry(settings, sealed, path);
    throw header;
  } catch (error) {
    if (isFailure(error, 'not-found')) await requireNoFolder(store, placement.folder(path), path, call);
    throw plainFailure(error, sealedPath, path);
  }
}

function asFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  throw error;
}

/** Throws Failure('is-folder') where a folder has the name that the file would have without its suffix. */
async function requireNoFolder(store: Remote, sealedPath: string, path: string, call?: Call): Promise<void> {
  if (!store.features.emptyFolders) return;
  try {
    await store.stat(sealedPath, call);
  } catch (error) {
    if (isFailure(error, 'is-folder')) throw plainFailure(error, sealedPath, path);
  }
}

/** What is not for us to open is told when it is read. */
function editsOf({ own }: Crypt4ghSettings, { packets }: Header, path: string): EditList | null {
  try {
    return own && openHeader(packets, own, path).edits;
  } catch (error) {
    if (isFailure(error)) return null;
    throw error;
  }
}
