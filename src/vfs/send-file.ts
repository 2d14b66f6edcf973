import type { Source } from '../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { Remote } from '../core/remote.ts';
import type { Report } from '../core/report.ts';
import type { Cutting } from './cutting.ts';
import { keepOther, type Sent } from './keep-other.ts';

export interface FileHead {
  readonly modified: Nanoseconds;
  readonly attributes: Uint8Array | null;
}

/** Puts one file on the remote, each time its content has changed. */
export interface Sender {
  /** Sends it whole, unless it is cut; returns the entry that the remote has then, with its time. `known`: the version that this
   *  one was made from; what others have put in its place is kept as `keepOther` does. */
  send(path: string, known: FileEntry | null, source: Source, head: FileHead, cutting: Cutting): Promise<FileEntry>;
}

/** `tried`: what an earlier run may have sent; null for nothing. */
export function createSender(remote: Remote, report: Report, tried: Sent | null): Sender {
  let last = tried;
  return {
    async send(path, known, source, head, cutting) {
      if (known) {
        await keepOther(remote, { path, known, tried: last }, report);
        last = { size: source.size, modified: head.modified };
      }
      const entry = await sendFile(remote, path, source, head, cutting);
      last = null;
      return entry;
    },
  };
}

async function sendFile(
  remote: Remote,
  path: string,
  source: Source,
  { modified, attributes }: FileHead,
  cutting: Cutting,
): Promise<FileEntry> {
  const info = {
    ...(remote.features.modifiedPrecision !== null && { modified }),
    // Empty ones did not open: they are not sent on, and go with the version that they belong to.
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
