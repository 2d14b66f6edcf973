import type { Entry, FileEntry } from '../core/entry.ts';
import type { HashType } from '../core/hash.ts';
import { askingMetadata, type Location } from '../core/remote.ts';
import { hashOf } from './compare.ts';
import { metadataOf } from './metadata.ts';
import { createLimit } from './pool.ts';
import { countError, type Session } from './session.ts';
import { statAt } from './walk.ts';

/** What a listing shows of a file beyond its path and size. */
export interface Wanted {
  readonly modified: boolean;
  readonly mimeType: boolean;
  readonly hashes: readonly HashType[];
  readonly metadata?: boolean;
}

/** Entries shown together: small enough that the first of a large folder appear soon. */
const batchSize = 256;

/** Hands on the entries of a page with what is wanted of them, in their order, batch by batch. */
export type AddDetails = (page: readonly Entry[], at: Location) => AsyncIterable<readonly Entry[]>;

/** Asks the store, file by file, for what its listings do not carry: `--checkers` at once, in whatever number of pages.
 *  A file that cannot be asked is counted as an error and shown as it was listed. */
export function createDetails(session: Session, wanted: Wanted): AddDetails {
  const limited = createLimit(session.options.checkers);
  const asking = wanted.metadata ? askingMetadata : undefined;

  const areListed = ({ remote: { features } }: Location): boolean =>
    !wanted.metadata && (features.listsModified || !wanted.modified) && (features.listsMimeTypes || !wanted.mimeType);

  async function complete(file: FileEntry, at: Location): Promise<FileEntry> {
    try {
      const found = areListed(at) ? null : await statAt(session, at, file.path, asking);
      const known = found ? withFound(file, found) : file;
      return wanted.hashes.length === 0
        ? known
        : { ...known, hashes: await hashesAt(session, at, known, wanted.hashes) };
    } catch (error) {
      countError(session, file.path, 'Failed to read the details', error);
      return file;
    }
  }

  return async function* addDetails(page, at) {
    if (wanted.hashes.length === 0 && areListed(at)) {
      yield page;
      return;
    }
    for (let start = 0; start < page.length; start += batchSize) {
      const batch = page.slice(start, start + batchSize);
      yield await Promise.all(
        batch.map((entry) => (entry.kind === 'file' ? limited(() => complete(entry, at)) : entry)),
      );
    }
  };
}

function withFound(listed: FileEntry, found: FileEntry): FileEntry {
  const metadata = metadataOf(found);
  return { ...found, modified: listed.modified ?? found.modified, ...(metadata && { metadata }) };
}

async function hashesAt(session: Session, at: Location, file: FileEntry, types: readonly HashType[]) {
  const hashes: Partial<Record<HashType, string>> = {};
  for (const type of types) {
    if (!at.remote.features.hashes.includes(type)) continue;
    const hash = await hashOf(session, at, file, type);
    if (hash !== null) hashes[type] = hash;
  }
  return hashes;
}
