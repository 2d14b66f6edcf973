import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../config/make-folders.ts';
import { syncFolder, writeSynced } from '../config/synced.ts';
import { systemFailure } from '../config/system-failure.ts';
import { codeOf, Failure } from '../core/failure.ts';

interface Placement {
  readonly mode: number;
  /** Whether a file that stands there is replaced. */
  readonly force: boolean;
}

/** Writes the small file of a key, whole or not at all, synced to the disk; makes its folder for the owner alone where there is
 *  none. Throws Failure: 'exists' where one stands that `force` does not replace, 'denied', 'full', 'usage'. */
export function placeFile(path: string, data: string | Uint8Array, { mode, force }: Placement): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    makeFolders(dirname(path));
    writeSynced(temporary, data, mode);
    if (force) renameSync(temporary, path);
    else renameToNew(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw existing(path);
    throw systemFailure(error, `cannot write ${path}`, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

// A rename would replace a file that came to stand there meanwhile; a link does not.
function renameToNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    // Some file systems have no links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error)) || existsSync(path)) throw error;
    renameSync(temporary, path);
  }
}

/** What is said of a key's file that must not be replaced. */
export function existing(path: string): Failure {
  const why = '--force replaces it, but then nothing opens what was encrypted to the old key';
  return new Failure('exists', `${path} exists already: ${why}`, { path });
}
