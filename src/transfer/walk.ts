import { throwIfCancelled } from '../core/cancel.ts';
import type { Entry, FileEntry, FolderEntry } from '../core/entry.ts';
import { isFailure } from '../core/failure.ts';
import { forEachParallel } from '../core/parallel.ts';
import { depthOf, joinPath, relativePath, sortByPath } from '../core/path.ts';
import type { Call, ListMethod, Location } from '../core/remote.ts';
import { forEachFolder } from './pool.ts';
import { countError, type Session } from './session.ts';

/** A page of entries whose paths are relative to the walked location. */
export type Visit = (entries: readonly Entry[]) => void | Promise<void>;

/** Folders with more names than this are shown in the store's own order, so that memory stays flat. */
const sortLimit = 20_000;

/** Shows everything below `location` that the filter lets through, page by page; folders come before what is in them. */
export async function walk(session: Session, location: Location, visit: Visit): Promise<void> {
  const { options, signal } = session;
  if (canSweep(session, location)) return sweep(session, location, visit);
  await forEachFolder('', options.checkers, async (dir) => {
    throwIfCancelled(signal);
    const folders: string[] = [];
    await tolerant(session, dir, () =>
      listFiltered(session, location, dir, async (page) => {
        for (const entry of page) if (entry.kind === 'folder') folders.push(entry.path);
        await visit(page);
      }),
    );
    return depthOf(dir) + 1 === options.maxDepth ? [] : folders;
  });
}

/** Whether a walk is one sweep. It would be shown what is in a folder before the marker that leaves the folder out. Unless
 *  --fast-list says so, what rules leave out need not be listed, and a bucket that cannot be read must not end the listing of all. */
export function canSweep({ options, filter }: Session, { remote, path }: Location): boolean {
  if (!remote.walk || options.maxDepth >= 0 || filter.excludeIfPresent.length > 0) return false;
  return options.fastList || !(filter.prunesFolders || (path === '' && remote.features.buckets));
}

/** Begins to list a folder or, with `walk`, all below it, where the remote can do that. */
export function listingOf({ remote, path }: Location, method: ListMethod, call: Call): AsyncIterable<readonly Entry[]> {
  return (method === 'walk' && remote.walk?.(path, call)) || remote.list(path, call);
}

/** The listing as it began ahead, or a new one. */
function pagesOf({ ahead, signal }: Session, at: Location, method: ListMethod): AsyncIterable<readonly Entry[]> {
  return ahead?.take(at.remote, at.path, method) ?? listingOf(at, method, { signal, ahead });
}

/** A folder that cannot be read is counted and left out; without the root there is nothing to do. */
export async function tolerant<T>(session: Session, dir: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (dir === '') throw error;
    countError(session, dir, 'Error reading directory', error);
    return null;
  }
}

/** One folder, filtered and sorted; a very large one arrives in several unsorted pages. `dir` is relative to `location`. */
export async function listFiltered(session: Session, location: Location, dir: string, visit: Visit): Promise<void> {
  // Other folders that hold a marker were left out where they were listed.
  if (dir === '' && (await holdsMarker(session, location, dir))) return;
  const show: Visit = async (entries) => visit(await withoutMarked(session, location, entries));
  const folder = { remote: location.remote, path: joinPath(location.path, dir) };
  await inOrder(show, async (add) => {
    for await (const page of pagesOf(session, folder, 'list')) {
      const found = await timed(
        session,
        location,
        page.map((entry) => localize(location, entry)),
      );
      await add(found.filter((entry) => isIncluded(session, entry)));
    }
  });
}

/** Shows the pages that `read` adds: sorted as one, or as they are from where they are too many. */
async function inOrder(show: Visit, read: (add: (entries: Entry[]) => Promise<void>) => Promise<void>): Promise<void> {
  let held: Entry[] = [];
  let isLarge = false;
  await read(async (entries) => {
    for (const entry of entries) held.push(entry);
    isLarge ||= held.length > sortLimit;
    if (!isLarge) return;
    const shown = held;
    held = [];
    await show(shown);
  });
  if (held.length > 0) await show(sortByPath(held));
}

/** The entries with the modification times that an age filter needs; a store that lists none is asked for each file whose name
 *  passes. */
async function timed(session: Session, location: Location, entries: Entry[]): Promise<Entry[]> {
  if (!session.filter.needsModified || location.remote.features.listsModified) return entries;
  const complete = [...entries];
  await forEachParallel(entries.entries(), session.options.checkers, session.signal, async ([index, entry]) => {
    if (entry.kind !== 'file' || !session.filter.includesName(entry.path)) return;
    complete[index] = (await session.looks(() => statAt(session, location, entry.path))) ?? entry;
  });
  return complete;
}

function isIncluded(session: Session, entry: Entry): boolean {
  const { filter } = session;
  if (filter.isInactive) return true;
  return entry.kind === 'folder'
    ? filter.includesFolder(entry.path)
    : filter.includesFile(entry.path, entry.size, entry.modified);
}

/** The entry with its path as seen from `location`. */
export function localize<E extends Entry>(location: Location, entry: E): E {
  return location.path === '' ? entry : { ...entry, path: relativePath(location.path, entry.path) };
}

/** Without the folders that a marker leaves out, and those of which nobody can tell. */
async function withoutMarked(
  session: Session,
  location: Location,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  if (session.filter.excludeIfPresent.length === 0) return entries;
  const leftOut = new Set<Entry>();
  await forEachParallel(entries, session.options.checkers, session.signal, async (entry) => {
    if (entry.kind !== 'folder') return;
    const isMarked = await tolerant(session, entry.path, () => holdsMarker(session, location, entry.path));
    if (isMarked ?? true) leftOut.add(entry);
  });
  return entries.filter((entry) => !leftOut.has(entry));
}

async function holdsMarker(session: Session, location: Location, dir: string): Promise<boolean> {
  for (const marker of session.filter.excludeIfPresent) {
    if (await session.looks(() => statAt(session, location, joinPath(dir, marker)))) return true;
  }
  return false;
}

async function sweep(session: Session, location: Location, visit: Visit): Promise<void> {
  const seen = new Set<string>(['']);
  await inOrder(visit, async (add) => {
    for await (const page of pagesOf(session, location, 'walk')) {
      const found: Entry[] = [];
      for (const entry of page) {
        const local = localize(location, entry);
        addFolders(local, seen, found);
        if (local.kind === 'file') found.push(local);
      }
      const complete = await timed(session, location, found);
      await add(complete.filter((entry) => isIncluded(session, entry) && isReachable(session, entry.path)));
    }
  });
}

/** Stores without folders list files only: the folders on the way are made up, once each. */
function addFolders(entry: Entry, seen: Set<string>, shown: Entry[]): void {
  const segments = entry.path.split('/');
  const last = entry.kind === 'folder' ? segments.length : segments.length - 1;
  for (let length = 1; length <= last; length++) {
    const path = segments.slice(0, length).join('/');
    if (seen.has(path)) continue;
    seen.add(path);
    const folder: FolderEntry = { kind: 'folder', path, modified: null };
    shown.push(path === entry.path ? entry : folder);
  }
}

/** A sweep does not prune: an entry below an excluded folder is dropped here. */
function isReachable(session: Session, path: string): boolean {
  if (session.filter.isInactive) return true;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (!session.filter.includesFolder(path.slice(0, slash))) return false;
  }
  return true;
}

/** Shows the files that --files-from names, at whatever depth, without listing a folder: each is asked for. */
export async function walkNamed(session: Session, location: Location, visit: Visit): Promise<void> {
  await forEachParallel(session.filter.files ?? [], session.options.checkers, session.signal, async (path) => {
    throwIfCancelled(session.signal);
    const entry = await statAt(session, location, path);
    if (entry) await visit([entry]);
  });
}

/** The file at `path` below `location`, or null where there is none. */
export async function statAt(
  session: Session,
  location: Location,
  path: string,
  asking?: Call,
): Promise<FileEntry | null> {
  try {
    const entry = await location.remote.stat(joinPath(location.path, path), { signal: session.signal, ...asking });
    return localize(location, entry);
  } catch (error) {
    if (isFailure(error, 'not-found', 'folder-not-found', 'is-folder')) return null;
    throw error;
  }
}
