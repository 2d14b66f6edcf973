import { Failure } from '../core/failure.ts';
import { baseName, joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { type Pair, pairSpellings } from './merge.ts';
import { countError, type Session } from './session.ts';
import { foldName } from './spelling.ts';

/** With what is left over on both sides paired where it is one name at the target, which ignores case or normal form. */
export async function pairedAtTarget({ remote, path }: Location, pairs: readonly Pair[], dir: string) {
  if (!remote.foldsNames) return pairs;
  const paired = pairSpellings(pairs, foldName);
  return paired !== pairs && (await remote.foldsNames(joinPath(path, dir))) ? paired : pairs;
}

/** Refuses, one by one, the names of a folder that would fall on another's file where the target ignores case or
 *  normal form, and returns the pairs that may go on. */
export async function withoutCollisions(
  session: Session,
  to: Location,
  pairs: readonly Pair[],
  dir: string,
): Promise<readonly Pair[]> {
  if (!to.remote.foldsNames) return pairs;
  const folded = new Map<string, Pair>();
  const collisions = new Map<string, string>();
  for (const pair of pairs) {
    const key = foldName(pair.path);
    const first = folded.get(key);
    // What stands at the target is not to be replaced by another file.
    const isFirst = first === undefined || (pair.target !== null && first.target === null);
    if (isFirst) folded.set(key, pair);
    if (first && first.path !== pair.path)
      collisions.set(isFirst ? first.path : pair.path, isFirst ? pair.path : first.path);
  }
  if (collisions.size === 0 || !(await to.remote.foldsNames(joinPath(to.path, dir)))) return pairs;
  return pairs.filter(({ path, source }) => {
    const first = collisions.get(path);
    if (first === undefined || !source) return true;
    const message = `"${baseName(path)}" and "${baseName(first)}" are one name on ${to.remote.label}: rename one of them`;
    countError(session, path, 'Not copied', new Failure('exists', message, { path }));
    return false;
  });
}
