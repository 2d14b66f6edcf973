import type { Source } from '../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { Remote } from '../core/remote.ts';
import type { Cutting } from './cutting.ts';

export interface FileHead {
  readonly modified: Nanoseconds;
  readonly attributes: Uint8Array | null;
}

/** Puts a whole file on the remote, unless it is cut; returns the entry that the remote has then, with its time. */
export async function sendFile(
  remote: Remote,
  path: string,
  source: Source,
  { modified, attributes }: FileHead,
  cutting: Cutting,
): Promise<FileEntry> {
  const info = {
    ...(remote.features.modifiedPrecision !== null && { modified }),
    // Those that do not open come as no bytes, and end with the bytes that they stood beside.
    ...(attributes !== null && attributes.length > 0 && { attributes }),
  };
  const { signal } = cutting;
  const written = await remote.write(path, cutting.watched(source), info, { signal });
  if (written.size >= 0 && written.size !== source.size) {
    const message = `${path}: ${written.size} bytes arrived of ${source.size}`;
    throw new Failure('corrupt', message, { path, retryable: true });
  }
  return { ...written, modified: written.modified ?? modified, attributes };
}
