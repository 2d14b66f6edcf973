import type { Entry, FolderEntry } from '../core/entry.ts';
import { isFailure } from '../core/failure.ts';
import { comparePaths, parentPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { everything } from './filter/everything.ts';
import { withLookUp } from './look-up.ts';
import { forEachFolder } from './pool.ts';
import type { Session } from './session.ts';
import { byPath, listFiltered, tolerant, walk } from './walk.ts';

/** One name of one folder, as it stands on both sides. */
export interface Pair {
  readonly path: string;
  readonly source: Entry | null;
  readonly target: Entry | null;
}

/** Lists both trees folder by folder and hands over the pairs of each folder, sorted by path. Folders that stand on the
 *  target only are descended into where `targetOnly` says so. */
export async function march(
  session: Session,
  from: Location,
  to: Location,
  onPairs: (pairs: readonly Pair[], dir: string) => Promise<void>,
  descend: { readonly targetOnly: boolean },
): Promise<void> {
  const { options } = session;
  const sourceLister = await lister(session, from);
  const targetLister = await createTargetLister(session, to);
  const absent = new Set<string>();
  const unwanted = new Set<string>();
  await forEachFolder('', options.checkers, async (dir) => {
    if (session.cutoff?.isReached) return [];
    const listings = await tolerant(session, dir, () => {
      const sources = unwanted.has(dir) ? [] : sourceLister(dir);
      if (options.noTraverse) return withLookUp(session, to, sources);
      return Promise.all([sources, absent.has(dir) ? [] : unlessNoFolder(targetLister(dir), [])]);
    });
    if (!listings) return [];
    const pairs = merge(session, ...listings);
    await onPairs(pairs, dir);
    absent.delete(dir);
    unwanted.delete(dir);
    if (options.maxDepth >= 0 && depthOf(dir) + 1 >= options.maxDepth) return [];
    const below: string[] = [];
    for (const { path, source, target } of pairs) {
      if (source?.kind === 'folder') {
        below.push(path);
        if (target?.kind !== 'folder') absent.add(path);
      } else if (target?.kind === 'folder' && descend.targetOnly) {
        below.push(path);
        unwanted.add(path);
      }
    }
    return below;
  });
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
  return entries.sort(byPath);
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
  await walk(session, location, (page) => {
    for (const entry of page) {
      if (entry.kind === 'file') add(entry);
      else if (!known.has(entry.path)) {
        known.add(entry.path);
        add(entry);
      }
    }
  });
  for (const entries of tree.values()) entries.sort(byPath);
  return tree;
}

/** What is excluded stays on the target, unless --delete-excluded shows it to the merge. */
function targetSession(session: Session): Session {
  return session.filter.deleteExcluded ? { ...session, filter: everything } : session;
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

function merge(session: Session, source: readonly Entry[], target: readonly Entry[]): Pair[] {
  const pairs: Pair[] = [];
  const left = withoutTwins(session, source, 'source');
  const right = withoutTwins(session, target, 'destination');
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i] ?? null;
    const b = right[j] ?? null;
    const order = a === null ? 1 : b === null ? -1 : comparePaths(a.path, b.path);
    if (order <= 0) i++;
    if (order >= 0) j++;
    pairs.push({
      path: ((order <= 0 ? a : b) as Entry).path,
      source: order <= 0 ? a : null,
      target: order >= 0 ? b : null,
    });
  }
  return pairs;
}

/** A crypt can hold two ciphertexts of one name, a bucket a file and a folder of one name: the first of a kind counts. */
function withoutTwins(session: Session, sorted: readonly Entry[], side: string): readonly Entry[] {
  const isTwin = (entry: Entry, index: number): boolean => index > 0 && sorted[index - 1]?.path === entry.path;
  if (!sorted.some(isTwin)) return sorted;
  return sorted.filter((entry, index) => {
    if (!isTwin(entry, index)) return true;
    const what = entry.kind === 'file' ? 'object' : 'directory';
    session.report.notice(entry.path, `Duplicate ${what} found in ${side} - ignoring`);
    return false;
  });
}

function depthOf(dir: string): number {
  return dir === '' ? 0 : dir.split('/').length;
}
