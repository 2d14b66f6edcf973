import { noBytes, sourceOf } from '../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';

import { countError, mayChange, type Session } from './session.ts';
import { walk } from './walk.ts';

/** Sets one file's modification time. */
export async function touchFile(session: Session, at: Location, file: FileEntry, modified: Nanoseconds): Promise<void> {
  if (!(await mayChange(session, 'touch', file.path, file.size))) return;
  const { remote } = at;
  if (!remote.setModified) {
    throw new Failure('unsupported', `${remote.label} keeps no modification times`, { path: file.path });
  }
  await remote.setModified(joinPath(at.path, file.path), modified, { signal: session.signal });
}

/** Sets the modification times of the files in a folder, as deep as the session's depth; a failure is counted. */
export async function touchFiles(session: Session, at: Location, modified: Nanoseconds): Promise<void> {
  await walk(session, at, (page) =>
    forEachParallel(page, session.options.transfers, session.signal, async (entry) => {
      if (entry.kind !== 'file') return;
      try {
        await touchFile(session, at, entry, modified);
      } catch (error) {
        countError(session, entry.path, 'Failed to touch', error);
      }
    }),
  );
}

/** Makes an empty file. */
export async function createEmptyFile(
  session: Session,
  { remote, path }: Location,
  modified: Nanoseconds,
): Promise<void> {
  if (!(await mayChange(session, 'touch (create)', path))) return;
  await remote.write(path, sourceOf(noBytes), { modified }, { signal: session.signal });
}

/** Whether a folder stands there; where folders are only prefixes, whether anything is in it. */
export async function isFolder(session: Session, { remote, path }: Location): Promise<boolean> {
  try {
    for await (const page of remote.list(path, { signal: session.signal })) if (page.length > 0) return true;
    return remote.features.emptyFolders || (remote.features.buckets && !path.includes('/'));
  } catch (error) {
    if (isFailure(error, 'folder-not-found')) return false;
    throw error;
  }
}
