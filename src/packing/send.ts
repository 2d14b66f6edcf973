import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { counted } from '../transfer/counted.ts';
import { placeName } from '../transfer/place.ts';
import { expectTransfer, startFlight } from '../transfer/progress.ts';
import { withRetries } from '../transfer/retry.ts';
import type { Session } from '../transfer/session.ts';
import type { Stream } from './seal.ts';

export interface SendOptions {
  readonly modified: Nanoseconds;
  readonly isNew: boolean;
  /** Bytes to expect, for the progress that is shown; -1 where nobody knows. */
  readonly expected: number;
}

/** Stores a stream that is made anew for each try. Throws Failure('corrupt') where the store holds another number of bytes
 *  than it was given. */
export async function send(
  session: Session,
  to: Location,
  make: () => Stream,
  { modified, isNew, expected }: SendOptions,
): Promise<FileEntry> {
  const { progress, signal } = session;
  expectTransfer(progress, expected);
  const flight = startFlight(progress, to.path, expected);
  try {
    const written = await withRetries(session, placeName(to), async (attempt) => {
      progress.bytes -= flight.done;
      flight.done = 0;
      const { bytes, ...length } = make();
      const source = {
        ...length,
        replayable: false,
        open: () =>
          counted(bytes, (length) => {
            flight.done += length;
            progress.bytes += length;
            if (expected < 0) progress.totalBytes += length;
          }),
      };
      return to.remote.write(to.path, source, { modified, isNew: isNew && attempt === 1 }, { signal });
    });
    requireWhole(placeName(to), written.size, flight.done);
    progress.transfers++;
    return written;
  } finally {
    progress.inFlight.delete(flight);
  }
}

function requireWhole(path: string, stored: number, sent: number): void {
  if (stored < 0 || stored === sent) return;
  throw new Failure('corrupt', `${path}: the store holds ${stored} bytes of the ${sent} that were sent`, { path });
}
