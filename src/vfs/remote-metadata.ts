import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure, isAbsence, unlessAbsent } from '../core/failure.ts';
import type { Call, Remote } from '../core/remote.ts';

/** Sets the time of the file `known` on the remote; returns its entry after that. Throws Failure('unsupported') where none is
 *  kept. */
export async function setRemoteModified(remote: Remote, known: FileEntry, modified: Nanoseconds): Promise<FileEntry> {
  const { path } = known;
  if (!remote.setModified || remote.features.modifiedPrecision === null) {
    throw new Failure('unsupported', `${path}: ${remote.label || 'this remote'} keeps no modification times`, { path });
  }
  await remote.setModified(path, modified);
  return lookAfterChange(remote, { ...known, modified });
}

/** Sets the attributes of the file `known` on the remote; returns its entry after that. */
export async function setRemoteAttributes(
  remote: Remote,
  known: FileEntry,
  attributes: Uint8Array,
): Promise<FileEntry> {
  const { path } = known;
  if (!remote.setAttributes) {
    throw new Failure('unsupported', `${path}: ${remote.label || 'this remote'} keeps no attributes`, { path });
  }
  await remote.setAttributes(path, attributes);
  return { ...(await lookAfterChange(remote, known)), attributes };
}

/** `changed` as the remote tells of it. A store that does not answer now has made the change all the same: then as it should
 *  be, but for the tag that the change may have given it. */
async function lookAfterChange(remote: Remote, changed: FileEntry): Promise<FileEntry> {
  try {
    return await remote.stat(changed.path);
  } catch (error) {
    if (isAbsence(error)) throw error;
    const { tag: _, ...entry } = changed;
    return entry;
  }
}

/** What the remote has at `path`; null where that is nothing. */
export function entryAt(remote: Remote, path: string, call?: Call): Promise<FileEntry | null> {
  return unlessAbsent(remote.stat(path, call));
}
