import { isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { comparePaths, parentPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { deleteFile, deleteFolder } from './deletions.ts';
import { everything } from './filter/everything.ts';
import { placeName } from './place.ts';
import { mayChange, type Session } from './session.ts';
import { walk } from './walk.ts';

/** Deletes the files below `at` that the filter lets through; folders stay. */
export async function deleteFiles(session: Session, at: Location): Promise<void> {
  await walk(session, at, (page) =>
    forEachParallel(page, session.options.transfers, session.signal, async (entry) => {
      if (entry.kind === 'file') await deleteFile(session, at, entry);
    }),
  );
}

/** Deletes a folder and all below it, whatever the filter says. */
export async function purge(session: Session, at: Location): Promise<void> {
  if (!(await mayChange(session, 'purge directory', placeName(at)))) return;
  // A store that does it in one go counts nothing.
  if (at.remote.purge && session.options.maxDelete < 0) {
    try {
      await at.remote.purge(at.path, { signal: session.signal });
      return;
    } catch (error) {
      if (!isFailure(error, 'unsupported')) throw error;
    }
  }
  const unfiltered = { ...session, filter: everything };
  await deleteFiles(unfiltered, at);
  await removeEmptyFolders(unfiltered, at, { leaveRoot: false });
}

/** Removes the folders below `at` that hold no file at any depth, deepest first. The filter is asked of each as of an
 *  empty file named `dir/`, as in rclone: a filter that speaks of some files only keeps all folders. */
export async function removeEmptyFolders(
  session: Session,
  at: Location,
  { leaveRoot }: { readonly leaveRoot: boolean },
): Promise<void> {
  const empty = new Set<string>(leaveRoot ? [] : ['']);
  const full = new Set<string>();
  await walk(session, at, (page) => {
    for (const entry of page) {
      if (entry.kind === 'folder') empty.add(entry.path);
      else for (let dir = parentPath(entry.path); !full.has(dir); dir = parentPath(dir)) full.add(dir);
    }
  });
  // A folder that could not be read is not known to be empty.
  if (session.progress.errors > 0) return;
  const removable = [...empty].filter((dir) => !full.has(dir) && session.filter.includesFile(`${dir}/`, 0, null));
  for (const dir of removable.sort((a, b) => comparePaths(b, a))) await deleteFolder(session, at, dir);
}

/** Makes an empty folder, or a bucket. */
export async function makeFolder(session: Session, at: Location): Promise<void> {
  if (!(await mayChange(session, 'make directory', placeName(at)))) return;
  await at.remote.makeDir(at.path, { signal: session.signal });
}

/** Removes one folder. Throws Failure('not-empty') when something is in it. */
export async function removeFolder(session: Session, at: Location): Promise<void> {
  if (!(await mayChange(session, 'remove directory', placeName(at)))) return;
  session.report.info(placeName(at), 'Removing directory');
  await at.remote.removeDir(at.path, { signal: session.signal });
}
