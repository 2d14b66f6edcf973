import { unlessAbsent } from '../../core/failure.ts';
import type { Remote } from '../../core/remote.ts';
import { entryAt } from '../remote-metadata.ts';
import { isCopy, isSameVersion } from '../version.ts';
import type { FileRecord } from './record.ts';

/** What a record says that tells of a rename on the remote, once it is known whether that happened: null where another
 *  file has taken the place of this one, which nothing has to be uploaded of then. A rename that was killed between its
 *  two steps, of a store that copies and removes, is finished first; where `isReadOnly`, it counts for none. */
export async function afterMove(remote: Remote, record: FileRecord, isReadOnly: boolean): Promise<FileRecord | null> {
  const { move, ...rest } = record;
  if (!move) return record;
  const [left, arrived] = [await entryAt(remote, move.from), await entryAt(remote, move.to)];
  if (!arrived) return rest;
  const { entry, replaced } = move;
  const isCopied = isCopy(entry, arrived);
  const isAsBefore = replaced !== null && isSameVersion(replaced, arrived);
  if (left) {
    const isHalfDone = isCopied && !isAsBefore && isSameVersion(entry, left);
    if (isReadOnly || !isHalfDone) return rest;
    await unlessAbsent(remote.remove(move.from));
  }
  if (record.path === move.from) return isCopied ? { ...rest, path: move.to, entry: arrived } : rest;
  // Otherwise the other file has gone in some other way.
  return isAsBefore && !isCopied ? rest : null;
}
