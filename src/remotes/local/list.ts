import type { BigIntStats } from 'node:fs';
import type { Awaitable } from '../../core/awaitable.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { Entry } from '../../core/entry.ts';
import { comparePaths, joinPath } from '../../core/path.ts';
import type { Call } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { readAttributes } from './attributes.ts';
import { folderFailure, isSystemError } from './disk-failure.ts';
import type { DiskPaths } from './disk-path.ts';
import { type LinkGuard, leadsBack, linkSuffix, statFolder } from './links.ts';
import type { LocalSettings } from './options.ts';
import { system } from './system.ts';
import { isUnfinished } from './temporary.ts';

// What is left of larger pages outlives V8's young generation, and a folder of 200,000 names takes 60 MiB more on Node 24.
const entriesPerPage = 250;

export interface Listing {
  readonly paths: DiskPaths;
  readonly settings: LocalSettings;
  readonly report: Report;
  readonly guard: LinkGuard;
}

/** One folder's entries in the order of their names. The names are held whole, all else only for one page. */
export async function* listFolder(
  listing: Listing,
  dir: string,
  call: Call | undefined,
): AsyncGenerator<readonly Entry[]> {
  const names = await readNames(listing, dir);
  const folder = await statFolder(listing.paths, dir);
  let page: Entry[] = [];
  for (const name of names) {
    throwIfCancelled(call?.signal, dir);
    const looked = look(listing, dir, folder, joinPath(dir, name), call);
    const entry = looked instanceof Promise ? await looked : looked;
    if (entry && page.push(entry) === entriesPerPage) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function readNames({ paths, report }: Listing, dir: string): Promise<readonly string[]> {
  try {
    const rawNames = await system.readDir(paths.toDisk(dir));
    // At once for all, as in nearly every folder. V8 sorts ASCII in the right order by itself.
    if (paths.arePlain(rawNames)) return rawNames.sort();
    const names = rawNames.map((name) => paths.shownName(dir, name)).sort(comparePaths);
    return names.filter((name, i) => {
      if (name !== names[i - 1]) return true;
      report.error(joinPath(dir, name), 'two names on disk are shown as this one: rename one of them');
      return false;
    });
  } catch (error) {
    throw folderFailure(error, dir, 'file or folder');
  }
}

/** The entry at `path`; null for what is left out, with a word to the user where that is not as asked. At once where the
 *  system answers at once, as for nearly every file. */
function look(
  listing: Listing,
  dir: string,
  folder: BigIntStats,
  path: string,
  call: Call | undefined,
): Awaitable<Entry | null> {
  const disk = listing.paths.toDisk(path);
  if (isUnfinished(disk)) return null;

  async function leaveOut(error: unknown): Promise<null> {
    if (!isSystemError(error)) throw error;
    // An entry that went while the folder was read is no error; a symlink to nowhere is.
    if (error.code !== 'ENOENT' || (await system.lookFor(disk)))
      listing.report.error(`/${path}`, `left out of the listing: ${error.message}`);
    return null;
  }

  function show(own: BigIntStats | undefined): Awaitable<Entry | null> {
    if (!own) return null;
    if (!own.isSymbolicLink()) return entryOf(listing, folder, path, own, call);
    return lookBehind(listing, dir, folder, { disk, path, own }, call).catch(leaveOut);
  }

  try {
    const own = system.lookFor(disk);
    return own instanceof Promise ? own.then(show).catch(leaveOut) : show(own);
  } catch (error) {
    return leaveOut(error);
  }
}

interface SymbolicLink {
  readonly disk: string;
  readonly path: string;
  readonly own: BigIntStats;
}

/** The same for a symlink, by what the user wants of them. */
async function lookBehind(
  listing: Listing,
  dir: string,
  folder: BigIntStats,
  { disk, path, own }: SymbolicLink,
  call: Call | undefined,
): Promise<Entry | null> {
  const { paths, settings, report } = listing;
  if (settings.links === 'translate') {
    listing.guard.add(disk);
    const { length } = await system.readLink(disk);
    return { kind: 'file', path: path + linkSuffix, size: length, modified: own.mtimeNs };
  }
  if (settings.links !== 'follow') {
    if (settings.links === 'skip') report.notice(`/${path}`, "Can't follow symlink without -L/--copy-links");
    return null;
  }
  const target = await system.stat(disk);
  if (!target.isDirectory() || !(await leadsBack(paths, dir, target)))
    return entryOf(listing, folder, path, target, call);
  report.error(`/${path}`, 'left out: this symlink leads back to a folder that it is in');
  return null;
}

function entryOf(
  { paths, settings, report }: Listing,
  folder: BigIntStats,
  path: string,
  stats: BigIntStats,
  call: Call | undefined,
): Entry | null {
  if (stats.isFile()) {
    const attributes = call?.attributes && { attributes: readAttributes(paths.toDisk(path)) };
    return { kind: 'file', path, size: Number(stats.size), modified: stats.mtimeNs, ...attributes };
  }
  if (stats.isDirectory()) {
    const isHere = !settings.staysOnFileSystem || stats.dev === folder.dev;
    return isHere ? { kind: 'folder', path, modified: stats.mtimeNs } : null;
  }
  report.notice(`/${path}`, "Can't transfer non file/directory");
  return null;
}
