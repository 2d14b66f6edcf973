import type { BigIntStats } from 'node:fs';
import { Failure } from '../../core/failure.ts';
import { parentPath } from '../../core/path.ts';
import { diskFailure, folderFailure, isSystemError } from './disk-failure.ts';
import type { DiskPaths } from './disk-path.ts';
import type { LinkPolicy } from './options.ts';
import { system } from './system.ts';

/** rclone's ending of a text file that stands for a symlink. */
export const linkSuffix = '.rclonelink';

/** A file of the remote, as it stands on disk. */
export interface Found {
  readonly disk: string;
  readonly stats: BigIntStats;
  /** Where a translated symlink leads: the content of its text file. */
  readonly link: Uint8Array | null;
}

/** Finds the file at `path` under the policy for symlinks. Throws Failure('not-found') or Failure('is-folder'). */
export async function findFile(paths: DiskPaths, policy: LinkPolicy, path: string): Promise<Found> {
  try {
    if (policy === 'translate' && path.endsWith(linkSuffix)) {
      const link = await findLink(paths.toDisk(path.slice(0, -linkSuffix.length)));
      if (link) return link;
    }
    const disk = paths.toDisk(path);
    const own = await system.lstat(disk);
    const stats = own.isSymbolicLink() ? await system.stat(disk) : own;
    if (own !== stats && policy !== 'follow' && !stats.isDirectory()) throw unfollowed(policy, path);
    requireFile(stats, path);
    return { disk, stats, link: null };
  } catch (error) {
    throw diskFailure(error, path);
  }
}

async function findLink(disk: string): Promise<Found | null> {
  try {
    const stats = await system.lookFor(disk);
    return stats?.isSymbolicLink() ? { disk, stats, link: await system.readLink(disk) } : null;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

function unfollowed(policy: LinkPolicy, path: string): Failure {
  if (policy === 'translate')
    return new Failure('not-found', `/${path}: is a symlink: ask for ${path}${linkSuffix}`, { path });
  return notFollowed(path);
}

export function notFollowed(path: string): Failure {
  return new Failure('unsupported', `/${path}: can't follow symlink without -L/--copy-links`, { path });
}

export function notAFile(path: string): Failure {
  return new Failure('unsupported', `/${path}: can't transfer non file/directory`, { path });
}

/** Throws Failure('is-folder') or Failure('unsupported') for what is no file. */
export function requireFile(stats: BigIntStats, path: string): void {
  if (stats.isDirectory()) throw new Failure('is-folder', `/${path}: is a folder, not a file`, { path });
  if (!stats.isFile()) throw notAFile(path);
}

/** True when the folder that a symlink in `dir` leads to holds `dir` itself: following it would never end. */
export async function leadsBack(paths: DiskPaths, dir: string, target: BigIntStats): Promise<boolean> {
  for (let folder = dir; ; folder = parentPath(folder)) {
    const { dev, ino } = await statFolder(paths, folder);
    if (dev === target.dev && ino === target.ino) return true;
    if (folder === '') return false;
  }
}

/** The folder at `path`, through symlinks. Throws Failure('folder-not-found'). */
export async function statFolder(paths: DiskPaths, path: string): Promise<BigIntStats> {
  const disk = paths.toDisk(path);
  try {
    const stats = await system.stat(disk);
    if (stats.isDirectory()) return stats;
  } catch (error) {
    throw folderFailure(error, path);
  }
  throw new Failure('folder-not-found', `/${path}: is not a folder`, { path });
}

/** Where a symlink at `disk` leads in the end; `disk` itself where there is no symlink, or one that leads nowhere. `path` is
 *  what messages call it. Throws Failure, as for one that leads in a circle. */
export async function followed(disk: string, path: string): Promise<string> {
  try {
    return (await system.lstat(disk)).isSymbolicLink() ? await system.realPath(disk) : disk;
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return disk;
    throw diskFailure(error, path);
  }
}

/** Remembers the symlinks that a remote's text files stand for. A remote must not plant a symlink and then write
 *  through it to where it leads. */
export interface LinkGuard {
  add(disk: string): void;
  /** Throws Failure('denied') where `path` lies behind one of them. */
  check(disk: string, path: string): void;
}

export function createLinkGuard(): LinkGuard {
  const links = new Set<string>();
  return {
    add: (disk) => links.add(disk),
    check(disk, path) {
      if (links.size === 0) return;
      for (let folder = parentPath(disk); folder !== ''; folder = parentPath(folder)) {
        if (!links.has(folder)) continue;
        throw new Failure('denied', `/${path}: will not write through the symlink ${folder}`, { path });
      }
    },
  };
}
