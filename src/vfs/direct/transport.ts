import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import type { Remote } from '../../core/remote.ts';
import type { Cutting } from '../cutting.ts';
import { remoteBytes } from '../remote-bytes.ts';
import { infoOf } from '../remote-metadata.ts';
import { createSpool, type Spool } from './spool.ts';

/** A new spool in `folder` with the first `length` bytes of a file on the remote. */
export async function spoolFrom(
  remote: Remote,
  entry: FileEntry | null,
  length: number,
  folder: string,
): Promise<Spool> {
  const spool = await createSpool(folder);
  try {
    let offset = 0;
    if (entry && length > 0) {
      for await (const piece of remoteBytes(remote, entry, 0, { size: 0, limit: 0 })) {
        const part = piece.subarray(0, length - offset);
        await spool.write(offset, part);
        offset += part.length;
        if (offset === length) break;
      }
    }
    return spool;
  } catch (error) {
    await spool.close();
    throw error;
  }
}

export interface Upload {
  readonly spool: Spool;
  readonly size: number;
  readonly modified: Nanoseconds;
  readonly attributes: Uint8Array | null;
  readonly cutting: Cutting;
}

/** Returns the entry that the remote has then, with its time. */
export async function uploadSpool(remote: Remote, path: string, upload: Upload): Promise<FileEntry> {
  const { spool, size, modified, attributes, cutting } = upload;
  const source = cutting.watched(spool.source(size));
  const { signal } = cutting;
  const written = await remote.write(path, source, infoOf(remote, modified, attributes), { signal });
  if (written.size >= 0 && written.size !== size) {
    throw new Failure('corrupt', `${path}: ${written.size} bytes arrived of ${size}`, { path, retryable: true });
  }
  return { ...written, modified: written.modified ?? modified, attributes };
}
