import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { Remote } from '../core/remote.ts';

/** Sets the time of a file on the remote; returns its entry after that. Throws Failure('unsupported') where none is kept. */
export async function setRemoteModified(remote: Remote, path: string, modified: Nanoseconds): Promise<FileEntry> {
  if (!remote.setModified || remote.features.modifiedPrecision === null) {
    throw new Failure('unsupported', `${path}: ${remote.label || 'this remote'} keeps no modification times`, { path });
  }
  await remote.setModified(path, modified);
  return remote.stat(path);
}
