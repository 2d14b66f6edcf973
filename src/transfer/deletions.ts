import type { Entry, FileEntry, FolderEntry } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { comparePaths, joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { Backup } from './backup.ts';
import { placeName } from './place.ts';
import { countError, mayChange, type Session } from './session.ts';

/** Entries to be deleted below a location, once everything else has gone well. */
export interface Deletions {
  /** The files among them; one that is taken out stays. */
  readonly files: Set<FileEntry>;
  add(entry: Entry): void;
  /** Deletes the files among them at once, errors or not; those that are added later wait for the next call. */
  runFiles(): Promise<void>;
  /** Files first, then, where folders are more than prefixes, those that are empty, deepest first. Deletes nothing when the run has had errors. */
  run(): Promise<void>;
}

export function createDeletions(session: Session, at: Location, backup: Backup | null = null): Deletions {
  const files = new Set<FileEntry>();
  const folders: FolderEntry[] = [];
  async function runFiles(): Promise<void> {
    const due = [...files];
    files.clear();
    await forEachParallel(due, session.options.transfers, session.signal, (file) =>
      backup ? moveIntoBackup(session, backup, file) : deleteFile(session, at, file),
    );
  }

  return {
    files,
    runFiles,
    add(entry) {
      if (entry.kind === 'file') files.add(entry);
      else if (at.remote.features.emptyFolders) folders.push(entry);
    },
    async run() {
      if (files.size + folders.length === 0) return;
      if (session.progress.errors > 0 && !session.options.ignoreErrors) {
        session.report.error('', 'not deleting files and directories as there were IO errors');
        return;
      }
      await runFiles();
      folders.sort((a, b) => comparePaths(b.path, a.path));
      for (const { path } of folders) await deleteFolder(session, at, path);
    },
  };
}

/** Deletes one file; a failure is counted. Throws Failure('fatal') when --max-delete is reached. */
export async function deleteFile(session: Session, at: Location, { path, size }: FileEntry): Promise<void> {
  try {
    countDeletion(session);
    if (!(await mayChange(session, 'delete', path, size))) return;
    await at.remote.remove(joinPath(at.path, path), { signal: session.signal, isSeen: true });
    session.report.info(path, 'Deleted');
  } catch (error) {
    countError(session, path, "Couldn't delete", error);
  }
}

/** Takes the place of a deletion, and counts as one. */
async function moveIntoBackup(session: Session, backup: Backup, file: FileEntry): Promise<void> {
  try {
    countDeletion(session);
    if (!(await mayChange(session, 'move into backup dir', file.path, file.size))) return;
    await backup.keep(file, 'deleted');
    session.report.info(file.path, 'Moved into backup dir');
  } catch (error) {
    countError(session, file.path, "Couldn't move into backup dir", error);
  }
}

/** To be called before anything is awaited, so that deletions side by side cannot pass the limit together.
 *  Throws Failure('fatal') when --max-delete is reached. */
export function countDeletion({ options, progress }: Session): void {
  progress.deletes++;
  if (options.maxDelete >= 0 && progress.deletes > options.maxDelete) {
    throw new Failure('fatal', '--max-delete threshold reached');
  }
}

/** Removes a folder unless something is left in it, which is no error: a filter may have kept it. */
export async function deleteFolder(session: Session, at: Location, path: string): Promise<void> {
  try {
    if (!(await mayChange(session, 'remove directory', path))) return;
    session.report.info(path === '' ? placeName(at) : path, 'Removing directory');
    await at.remote.removeDir(joinPath(at.path, path), { signal: session.signal });
    session.progress.deletedFolders++;
  } catch (error) {
    if (isFailure(error, 'not-empty')) session.report.debug(path, 'Not removing directory, it is not empty');
    else if (!isFailure(error, 'folder-not-found')) countError(session, path, "Couldn't remove directory", error);
  }
}
