import { type Bytes, sourceOf } from '../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { startOf, wholeStream } from '../core/stream-start.ts';
import { counted } from './counted.ts';
import { keepMetadata } from './metadata.ts';
import { expectTransfer, startFlight } from './progress.ts';
import { mayChange, type Session } from './session.ts';

/** Stores a stream that can be read only once. Null when a dry run or the user says no. */
export async function uploadStream(
  session: Session,
  at: Location,
  name: string,
  bytes: Bytes,
  modified: Nanoseconds,
): Promise<FileEntry | null> {
  if (!(await mayChange(session, 'upload', name))) return null;
  const { progress } = session;
  expectTransfer(progress, -1);
  const flight = startFlight(progress, name, -1);
  try {
    const pieces = counted(bytes, (length) => {
      flight.done += length;
      progress.bytes += length;
      progress.totalBytes += length;
    });
    const start = await startOf(pieces, session.options.streamingCutoff);
    const source = start.isWhole ? sourceOf(start.bytes) : wholeStream(start);
    const target = { remote: at.remote, path: joinPath(at.path, name) };
    const { metadata } = session.options;
    const info = metadata ? await keepMetadata(session, target, { modified }, metadata) : { modified };
    const written = await at.remote.write(target.path, source, info, { signal: session.signal });
    progress.transfers++;
    session.report.info(name, 'Copied (new)');
    return written;
  } finally {
    progress.inFlight.delete(flight);
  }
}
