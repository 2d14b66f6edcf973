import type { Entry } from '../../core/entry.ts';
import { isFailure } from '../../core/failure.ts';
import { joinPath, relativePath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import { plainFailure } from '../layer/plain-words.ts';
import { openEntryAt } from './listing.ts';
import { isReserved } from './reserved.ts';
import type { CryptSettings } from './settings.ts';
import type { Side, Sides } from './sides.ts';
import { createTally, type Tally } from './tally.ts';

type PagesOf = (sealed: string, call?: Call) => AsyncIterable<readonly Entry[]>;

/** Lists the plain folder `dir` as both pairs of passwords have it: what stands under both is shown once. The previous
 *  side is looked at first, as what is moved from there to the current one meanwhile is then met at least once. */
export async function* listBoth(
  base: Location,
  { current, previous }: Readonly<Record<Side, CryptSettings>>,
  sides: Sides,
  dir: string,
  pagesOf: PagesOf,
  call?: Call,
): AsyncGenerator<readonly Entry[]> {
  const tally = createTally(current, dir);
  const places = [previous, current].map(({ names }) => joinPath(base.path, names.sealFolder(dir))) as [string, string];
  const [before, now] = places;
  const absences: unknown[] = [];

  /** The entries of one place on one side. */
  async function* entriesOf(place: string, side: Side, skipped: Tally | null): AsyncGenerator<readonly Entry[]> {
    try {
      for await (const page of pagesOf(place, call)) {
        const entries: Entry[] = [];
        for (const entry of page) {
          const sealed = relativePath(base.path, entry.path);
          if (isReserved(sealed)) continue;
          const found = await sides.ofEntry(entry, call);
          if (found === null) skipped?.skip(sealed);
          else countOpened(tally, current, entry, found.path);
          if (found?.side !== side) continue;
          if (current.showsMapping) current.report.notice(found.path, `Encrypts to ${JSON.stringify(sealed)}`);
          entries.push(openEntryAt(current, entry, found.path));
        }
        yield entries;
      }
    } catch (error) {
      if (!isFailure(error, 'folder-not-found')) throw plainFailure(error, place, dir);
      absences.push(plainFailure(error, place, dir));
    }
  }

  const old: Entry[] = [];
  for await (const entries of entriesOf(before, 'previous', tally)) old.push(...entries);
  const shown = new Set<string>();
  for await (const entries of entriesOf(now, 'current', now === before ? null : tally)) {
    for (const entry of entries) shown.add(keyOf(entry));
    if (entries.length > 0) yield entries;
  }
  const hidden = old.filter((entry) => !shown.has(keyOf(entry)));
  if (hidden.length > 0) yield hidden;
  if (absences.length === places.length) throw absences[1];
  tally.finish();
}

function countOpened(tally: Tally, settings: CryptSettings, { kind }: Entry, path: string): void {
  if (kind === 'file' ? settings.encryptsFiles : settings.encryptsFolders) tally.open(path);
}

function keyOf({ kind, path }: Entry): string {
  return `${kind} ${path}`;
}
