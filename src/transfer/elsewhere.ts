import type { FileEntry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { compareContents } from './compare.ts';
import { copyFile } from './copy-file.ts';
import { areSame } from './overlap.ts';
import type { Transfer, Twin } from './transfer.ts';
import { statAt } from './walk.ts';

/** Other folders where a file of the source may stand already, under the path that it would have at the target. */
export interface Elsewhere {
  readonly places: readonly Location[];
  /** What is there is copied to the target (`--copy-dest`); else it is not needed there (`--compare-dest`). */
  readonly isCopied: boolean;
}

/** Null where no folder is given. Throws Failure('fatal') for one from which the target's store cannot copy. */
export function createElsewhere(
  to: Location,
  compareDest: readonly Location[],
  copyDest: readonly Location[],
): Elsewhere | null {
  for (const { remote } of copyDest) {
    if (remote !== to.remote)
      throw new Failure('fatal', 'parameter to --copy-dest has to be on the same remote as destination');
    if (!remote.copy)
      throw new Failure('fatal', "can't use --copy-dest on a remote which doesn't support server side copy");
  }
  if (compareDest.length + copyDest.length === 0) return null;
  return copyDest.length > 0 ? { places: copyDest, isCopied: true } : { places: compareDest, isCopied: false };
}

interface Found {
  readonly at: Location;
  readonly file: FileEntry;
}

/** The first file at `path` in those places that is the same as the source's: by size and time, or as the flags say. */
export async function findElsewhere(
  { session, from, to, elsewhere }: Transfer,
  path: string,
  source: FileEntry,
): Promise<Found | null> {
  for (const at of elsewhere?.places ?? []) {
    // No file is copied onto itself.
    if (elsewhere?.isCopied && areSame(at, to)) continue;
    const file = await statAt(session, at, path);
    if (!file) continue;
    const { act } = await compareContents(session, { from, source, to: at, target: file });
    if (act !== 'transfer') return { at, file };
  }
  return null;
}

/** What was found, to be copied to `path` at the target. */
export function twinElsewhere({ session, to }: Transfer, path: string, { at, file }: Found): Twin {
  return {
    path,
    verb: 'copy',
    async bring(isNew) {
      await copyFile(session, { from: at, file, to, path, isNew });
      session.report.debug(path, 'Destination found in --copy-dest, using server-side copy');
    },
  };
}
