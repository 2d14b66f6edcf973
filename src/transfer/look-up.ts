import type { Awaitable } from '../core/awaitable.ts';
import type { Entry } from '../core/entry.ts';
import { forEachParallel } from '../core/parallel.ts';
import { sortByPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import type { Session } from './session.ts';
import { statAt } from './walk.ts';

/** The entries of a source's folder, and the files of the target that stand where those would go, asked for one by one
 *  (`--no-traverse`). */
export async function withLookUp(
  session: Session,
  to: Location,
  listing: Awaitable<Entry[]>,
): Promise<[sources: Entry[], targets: Entry[]]> {
  const sources = await listing;
  const targets: Entry[] = [];
  await forEachParallel(sources, session.options.checkers, session.signal, async ({ kind, path }) => {
    const target = kind === 'file' ? await session.looks(() => statAt(session, to, path)) : null;
    if (target) targets.push(target);
  });
  return [sources, sortByPath(targets)];
}
