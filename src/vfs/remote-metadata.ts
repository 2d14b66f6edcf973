import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure, unlessAbsent } from '../core/failure.ts';
import type { Remote } from '../core/remote.ts';

/** Sets the time of a file on the remote; returns its entry after that. Throws Failure('unsupported') where none is kept. */
export async function setRemoteModified(remote: Remote, path: string, modified: Nanoseconds): Promise<FileEntry> {
  if (!remote.setModified || remote.features.modifiedPrecision === null) {
    throw new Failure('unsupported', `${path}: ${remote.label || 'this remote'} keeps no modification times`, { path });
  }
  await remote.setModified(path, modified);
  return remote.stat(path);
}

/** Sets the attributes of a file on the remote; returns its entry after that. */
export async function setRemoteAttributes(remote: Remote, path: string, attributes: Uint8Array): Promise<FileEntry> {
  if (!remote.setAttributes) {
    throw new Failure('unsupported', `${path}: ${remote.label || 'this remote'} keeps no attributes`, { path });
  }
  await remote.setAttributes(path, attributes);
  return { ...(await remote.stat(path)), attributes };
}

/** What the remote has at `path`; null where that is nothing. */
export function entryAt(remote: Remote, path: string): Promise<FileEntry | null> {
  return unlessAbsent(remote.stat(path));
}
