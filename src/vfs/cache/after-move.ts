import type { FileEntry } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import { entryAt } from '../remote-metadata.ts';
import { isSameVersion } from '../version.ts';
import type { FileRecord } from './record.ts';

/** What a record says that tells of a rename on the remote, once it is known whether that happened: null where another
 *  file has taken the place of this one, which nothing has to be uploaded of then. */
export async function afterMove(remote: Remote, record: FileRecord): Promise<FileRecord | null> {
  const { move, ...rest } = record;
  if (!move) return record;
  const [left, arrived] = [await entryAt(remote, move.from), await entryAt(remote, move.to)];
  if (left || !arrived) return rest;
  if (record.path === move.from) {
    return record.entry && isCopy(record.entry, arrived) ? { ...rest, path: move.to, entry: arrived } : rest;
  }
  // As it was before: the other file has gone in some other way.
  return record.entry && isSameVersion(record.entry, arrived) ? rest : null;
}

/** A store may give a copy a tag of its own. */
function isCopy(entry: FileEntry, copy: FileEntry): boolean {
  const { tag: _, ...untagged } = copy;
  return isSameVersion(entry, untagged);
}
