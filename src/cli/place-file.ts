import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolders } from '../config/make-folders.ts';
import { syncFolder, writeSynced } from '../config/synced.ts';
import { systemFailure } from '../config/system-failure.ts';
import { codeOf, Failure } from '../core/failure.ts';

/** The small file of a key. */
interface PlacedFile {
  readonly path: string;
  readonly data: string | Uint8Array;
  readonly mode: number;
}

/** Writes the files of a key, each whole or not at all, synced to the disk, and none before there is room for all; in the order
 *  given. Makes their folders for the owner alone where there are none. Throws Failure: 'exists' where one stands that
 *  `force` does not replace, 'denied', 'full', 'usage'. */
export function placeFiles(files: readonly PlacedFile[], force: boolean): void {
  const written = files.map((file) => ({
    ...file,
    temporary: `${file.path}.${randomBytes(6).toString('hex')}.partial`,
  }));
  try {
    for (const { path, data, mode, temporary } of written) {
      naming(path, () => {
        makeFolders(dirname(path));
        writeSynced(temporary, data, mode);
      });
    }
    for (const { path, temporary } of written) {
      naming(path, () => {
        if (force) renameSync(temporary, path);
        else renameToNew(temporary, path);
        syncFolder(dirname(path));
      });
    }
  } finally {
    for (const { temporary } of written) rmSync(temporary, { force: true });
  }
}

function naming(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw existing(path);
    throw systemFailure(error, `cannot write ${path}`, path);
  }
}

// A rename would replace a file that came to stand there meanwhile; a link does not.
function renameToNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    // Some file systems have no links, a full one no room for one more.
    if (codeOf(error) === 'EEXIST' || existsSync(path)) throw error;
    renameSync(temporary, path);
  }
}

/** What is said of a key's file that must not be replaced. */
export function existing(path: string): Failure {
  const why = '--force replaces it, but then nothing opens what was encrypted to the old key';
  return new Failure('exists', `${path} exists already: ${why}`, { path });
}
