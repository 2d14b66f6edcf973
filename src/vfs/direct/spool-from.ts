import type { FileEntry } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import { remoteBytes } from '../remote-bytes.ts';
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
