import type { FileEntry } from '../../core/entry.ts';
import { Failure, isAbsence, isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';

const mostTried = 10;

/** Throws Failure('wrong-password') when the files of a crypt remote are under other passwords than it was opened with.
 *  One file that opens says enough. */
export async function requireReadable(remote: Remote, call: Call): Promise<void> {
  let tried = 0;
  for await (const file of filesBelow(remote, '', call)) {
    // Nothing of an empty file is sealed.
    if (file.size === 0) continue;
    const isOpen = await opens(remote, file.path, call);
    if (isOpen) return;
    if (isOpen === false && ++tried === mostTried) break;
  }
  if (tried === 0) return;
  throw new Failure('wrong-password', `none of the ${tried} files looked at in ${remote.label} opens: wrong password?`);
}

async function* filesBelow(remote: Remote, dir: string, call: Call): AsyncGenerator<FileEntry> {
  try {
    for await (const page of remote.list(dir, call)) {
      for (const entry of page) {
        if (entry.kind === 'file') yield entry;
        else yield* filesBelow(remote, entry.path, call);
      }
    }
  } catch (error) {
    // Nothing was ever written; or a folder holds only what is not of this remote.
    const isNoMatter = isFailure(error, 'folder-not-found') || (dir !== '' && isFailure(error, 'wrong-password'));
    if (!isNoMatter) throw error;
  }
}

/** Null for a file that is gone by now. */
async function opens(remote: Remote, path: string, call: Call): Promise<boolean | null> {
  try {
    for await (const _ of remote.read(path, { start: 0, end: 1 }, call)) break;
    return true;
  } catch (error) {
    if (isFailure(error, 'corrupt')) return false;
    if (isAbsence(error)) return null;
    throw error;
  }
}
