import { Failure } from '../../core/failure.ts';
import type { Usage } from '../../core/remote.ts';
import { renameInto } from './copy.ts';
import { folderFailure, writeFailure } from './disk-failure.ts';
import { makeDirs } from './make-dir.ts';
import { system } from './system.ts';
import { lookFor, type Target } from './write.ts';

export async function makeFolder(disk: string, path: string): Promise<void> {
  try {
    await makeDirs(disk);
  } catch (error) {
    throw writeFailure(error, path, 0);
  }
}

/** Removes an empty folder. Throws Failure('not-empty') or Failure('folder-not-found'). */
export async function removeFolder(disk: string, path: string): Promise<void> {
  try {
    await system.removeDir(disk);
  } catch (error) {
    throw folderFailure(error, path);
  }
}

/** Renames a folder, one that is no symlink, to where nothing stands. */
export async function moveFolder(from: Target, to: Target): Promise<void> {
  const stats = await lookFor(from.disk, from.path);
  if (!stats?.isDirectory()) throw new Failure('unsupported', `/${from.path}: is not a folder`, { path: from.path });
  if (await lookFor(to.disk, to.path)) throw new Failure('exists', `/${to.path}: already exists`, { path: to.path });
  try {
    await renameInto(from.disk, to.disk);
  } catch (error) {
    throw writeFailure(error, to.path, 0);
  }
}

/** Removes a folder with all in it; symlinks are removed, not followed. */
export async function purgeFolder(disk: string, path: string): Promise<void> {
  if (path === '') throw new Failure('denied', '/: will not remove the whole disk', { path });
  try {
    const stats = await system.lstat(disk);
    if (!stats.isDirectory()) throw new Failure('folder-not-found', `/${path}: is not a folder`, { path });
    await system.removeTree(disk);
  } catch (error) {
    throw folderFailure(error, path);
  }
}

/** The usage of the file system that holds `disk`, in bytes; `free` is what this user may still write. */
export async function usageOf(disk: string): Promise<Usage> {
  try {
    const { blocks, bfree, bavail, bsize } = await system.statFileSystem(disk);
    return { total: blocks * bsize, used: (blocks - bfree) * bsize, free: bavail * bsize };
  } catch (error) {
    throw folderFailure(error, disk.slice(1));
  }
}
