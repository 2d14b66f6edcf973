import type { FileEntry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import { listFolder } from './folders.ts';
import { entryOf, headObject } from './object.ts';
import { existingFile, type Place, type Store } from './store.ts';

/** The file at a path; `place` is where that leads. Throws Failure('not-found') or Failure('is-folder'). */
export async function statFile(
  store: Store,
  path: string,
  call: Call | undefined,
  place: Place = existingFile(store, path),
): Promise<FileEntry> {
  try {
    return entryOf(store, path, await headObject(store, place, path, call?.signal), call);
  } catch (error) {
    if (isFailure(error, 'not-found') && store.options.directory_markers && (await isFolder(store, path, call))) {
      throw new Failure('is-folder', `${path} is a folder, not a file`, { path });
    }
    throw error;
  }
}

async function isFolder(store: Store, path: string, call: Call | undefined): Promise<boolean> {
  try {
    await listFolder(store, path, call).next();
    return true;
  } catch (error) {
    if (isFailure(error, 'folder-not-found')) return false;
    throw error;
  }
}
