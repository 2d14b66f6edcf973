import { calendarDate } from '../core/calendar.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';
import { nowInNanoseconds } from '../core/now.ts';
import { baseName } from '../core/path.ts';
import type { Remote } from '../core/remote.ts';
import type { Report } from '../core/report.ts';
import { copyOnRemote } from './copy-on-remote.ts';
import { entryAt } from './remote-metadata.ts';
import { isSameVersion } from './version.ts';

/** What an upload sends, as the store would tell of it. */
export interface Sent {
  /** Bytes; null where that was not known. */
  readonly size: number | null;
  readonly modified: Nanoseconds;
}

export interface Upcoming {
  readonly path: string;
  /** The version that ours was made from; null for a new file. */
  readonly known: FileEntry | null;
  /** Of a try that failed, and may have arrived; null where there was none. */
  readonly tried: Sent | null;
  /** Of the upload: who wants to change the file waits for its end. */
  readonly signal: AbortSignal;
}

/** Before an upload: where others have put another version in the place of the known one, which nobody here has seen, theirs
 *  is kept under a name beside it, and the user told. */
export async function keepOther(remote: Remote, upcoming: Upcoming, report: Report): Promise<void> {
  const { path, known, tried, signal } = upcoming;
  const other = await entryAt(remote, path, { signal });
  if (!other || (known && isSameVersion(other, known)) || isSent(remote, other, tried)) return;
  const kept = await freeBeside(remote, path, other);
  await copyOnRemote(remote, path, kept, { attributes: true });
  report.notice(path, `others have changed it too: their version is kept as ${baseName(kept)}`);
}

function isSent({ features }: Remote, { size, modified }: FileEntry, tried: Sent | null): boolean {
  if (tried?.size !== size) return false;
  const { modifiedPrecision } = features;
  if (modifiedPrecision === null || modified === null) return true;
  const difference = modified - tried.modified;
  return -modifiedPrecision < difference && difference < modifiedPrecision;
}

/** Of the version's own time, so that it is kept once, however often the upload is tried; with a number where another
 *  version of the same second is kept already. */
async function freeBeside(remote: Remote, path: string, { size, modified }: FileEntry): Promise<string> {
  const { date } = calendarDate(modified ?? nowInNanoseconds());
  const [day = '', hour = ''] = date.toISOString().split(/[T.]/);
  const first = `${path}.conflict-${day.replaceAll('-', '')}-${hour.replaceAll(':', '')}`;
  for (let number = 1; ; number++) {
    const kept = number === 1 ? first : `${first}-${number}`;
    const there = await entryAt(remote, kept);
    if (!there || (modified !== null && there.modified === modified && there.size === size)) return kept;
  }
}
