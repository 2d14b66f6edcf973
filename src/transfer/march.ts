import type { Entry, FolderEntry } from '../core/entry.ts';
import { isFailure } from '../core/failure.ts';
import { depthOf, parentPath, sortByPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { pairedAtTarget } from './collisions.ts';
import { everything } from './filter/everything.ts';
import { withLookUp } from './look-up.ts';
import { type Folder, merge, type Pair } from './merge.ts';
import { forEachFolder } from './pool.ts';
import { holdsAnything } from './presence.ts';
import type { Session } from './session.ts';
import { listFiltered, tolerant, type Visit, walk, walkNamed } from './walk.ts';

export interface MarchOptions {
  /** Descends into folders that only the target has. Those of the source are always descended into. */
  readonly targetOnly: boolean;
  /** May write to the target's disk, to find out which names are one there. */
  readonly mayProbe: boolean;
}

/** Lists both trees folder by folder and hands over the pairs of each folder, sorted by path, with the folder's own path at the
 *  target. */
export async function march(
  session: Session,
  from: Location,
  to: Location,
  onPairs: (pairs: readonly Pair[], dir: string) => Promise<void>,
  { targetOnly, mayProbe }: MarchOptions,
): Promise<void> {
  const { options, filter } = session;
  const sourceLister = await lister(session, from);
  // Files that are asked for one by one do not tell a missing folder, or a wrong password, from an empty one.
  if (filter.files && (await sourceLister('')).length === 0) await holdsAnything(session, from);
  const targetLister = await createTargetLister(session, to);
  const root: ListedFolder = { source: '', target: '', isAbsent: false };
  await forEachFolder(root, options.checkers, async (folder) => {
    if (session.cutoff?.isReached) return [];
    const { source: sourceDir, target: dir } = folder;
    const listings = await tolerant(session, sourceDir ?? dir, () => {
      const sources = sourceDir === null ? [] : sourceLister(sourceDir);
      if (options.noTraverse) return withLookUp(session, to, sources);
      return Promise.all([sources, folder.isAbsent ? [] : unlessNoFolder(targetLister(dir), [])]);
    });
    if (!listings) return [];
    const merged = merge(session, folder, ...listings);
    const pairs = mayProbe ? await pairedAtTarget(to, merged, dir) : merged;
    await onPairs(pairs, dir);
    const isDeepest = options.maxDepth >= 0 && depthOf(dir) + 1 >= options.maxDepth;
    // As in rclone, what lies deeper counts as excluded.
    const mayDescend = targetOnly && (!isDeepest || filter.deleteExcluded);
    const below: ListedFolder[] = [];
    for (const { path, source, target } of pairs) {
      if (source?.kind === 'folder') {
        if (!isDeepest) below.push({ source: source.path, target: path, isAbsent: target === null });
      } else if (target?.kind === 'folder' && mayDescend) {
        below.push({ source: null, target: path, isAbsent: false });
      }
    }
    return below;
  });
}

interface ListedFolder extends Folder {
  /** The target has no such folder. */
  readonly isAbsent: boolean;
}

type Lister = (dir: string) => Promise<Entry[]>;

async function lister(session: Session, location: Location): Promise<Lister> {
  if (!session.options.fastList && !session.filter.files) return (dir) => listOne(session, location, dir);
  const tree = await readTree(session, location);
  return async (dir) => tree.get(dir) ?? [];
}

async function createTargetLister(session: Session, to: Location): Promise<Lister> {
  if (session.options.noTraverse || session.options.noCheckDest) return async () => [];
  return unlessNoFolder<Lister>(lister(targetSession(session), to), async () => []);
}

async function listOne(session: Session, location: Location, dir: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  await listFiltered(session, location, dir, (page) => {
    for (const entry of page) entries.push(entry);
  });
  return sortByPath(entries);
}

async function readTree(session: Session, location: Location): Promise<Map<string, Entry[]>> {
  const tree = new Map<string, Entry[]>();
  const add = (entry: Entry): void => {
    const dir = parentPath(entry.path);
    const siblings = tree.get(dir);
    if (siblings) siblings.push(entry);
    else tree.set(dir, [entry]);
    if (dir !== '' && !siblings) ensureFolder(dir);
  };
  const known = new Set<string>();
  const ensureFolder = (path: string): void => {
    if (known.has(path)) return;
    known.add(path);
    const folder: FolderEntry = { kind: 'folder', path, modified: null };
    add(folder);
  };
  const { options, filter } = session;
  const visit: Visit = (page) => {
    for (const entry of page) {
      if (entry.kind === 'file') add(entry);
      else if (!known.has(entry.path)) {
        known.add(entry.path);
        add(entry);
      }
    }
  };
  await (filter.files && !options.fastList ? walkNamed : walk)(session, location, visit);
  for (const entries of tree.values()) sortByPath(entries);
  return tree;
}

/** What is excluded stays on the target, unless --delete-excluded shows it to the merge. */
function targetSession(session: Session): Session {
  const { filter, options } = session;
  return filter.deleteExcluded ? { ...session, filter: everything, options: { ...options, maxDepth: -1 } } : session;
}

/** What `work` gives, or `otherwise` where there is no such folder. */
async function unlessNoFolder<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isFailure(error, 'folder-not-found')) return otherwise;
    throw error;
  }
}
