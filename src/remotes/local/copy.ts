import { constants } from 'node:fs';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { parentPath } from '../../core/path.ts';
import type { Call } from '../../core/remote.ts';
import { readAttributes, writeAttributes } from './attributes.ts';
import { settable } from './clock.ts';
import { beginCopy, copyPieces } from './copy-bytes.ts';
import { diskFailure, isSystemError, replaceFailure, writeFailure } from './disk-failure.ts';
import type { Found } from './links.ts';
import { makeDirs } from './make-dir.ts';
import { updated } from './read.ts';
import { closing, system } from './system.ts';
import { replaceFile } from './temporary.ts';
import { replacedMode, type Target } from './write.ts';

// In a folder where others may write, too, somebody may have put a symlink in the place of what was made there.
const own = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const ownToFinish = constants.O_RDONLY | own;
const ownToFill = constants.O_WRONLY | own;

// Read once: node offers no way to ask without setting it for a moment.
const umask = process.umask();

/** A copy that shares blocks where the file system can; whole or not at all, as a write. */
export async function copyFile(
  from: Found,
  fromPath: string,
  to: Target,
  checksUpdates: boolean,
  call: Call | undefined,
): Promise<FileEntry> {
  const { stats, link } = from;
  try {
    const attributes = link ? null : readAttributes(from.disk);
    const mode = (await replacedMode(to.disk, to.path)) ?? 0o666 & ~umask;
    await replaceFile(
      to.disk,
      async (temporary) => (link ? system.makeLink(link, temporary) : beginCopy(from, temporary)),
      async (isWhole, temporary) => {
        const time = stats.mtimeNs;
        if (link) return system.lutimes(temporary, time);
        await closing(await system.open(temporary, isWhole ? ownToFinish : ownToFill), async (fd) => {
          if (!isWhole) await copyPieces(from, fromPath, fd, to.path, call);
          await system.fchmod(fd, mode);
          if (attributes) writeAttributes(fd, attributes);
          await system.futimes(fd, time);
        });
        const now = await system.stat(from.disk);
        if (checksUpdates && (now.size !== stats.size || now.mtimeNs !== stats.mtimeNs)) {
          throw updated(fromPath, 'size or modification time changed');
        }
      },
    );
  } catch (error) {
    throw (link ? null : await sourceFailure(error, from, fromPath)) ?? replaceFailure(error, to.path, 0);
  }
  const size = link ? link.length : Number(stats.size);
  return { kind: 'file', path: to.path, size, modified: settable(stats.mtimeNs) };
}

/** The failure of a source that cannot be opened; null of one that can. A copy by the system does not tell which of its
 *  two files failed. */
async function sourceFailure(error: unknown, from: Found, path: string): Promise<unknown> {
  if (!isSystemError(error)) return null;
  try {
    await system.close(await system.open(from.disk, 'r'));
    return null;
  } catch (failure) {
    return diskFailure(failure, path);
  }
}

/** Throws Failure('unsupported') between two file systems: then the caller copies and removes. */
export async function moveFile(from: Found, to: Target): Promise<FileEntry> {
  try {
    await replacedMode(to.disk, to.path);
    await renameInto(from.disk, to.disk);
  } catch (error) {
    if (!isSystemError(error, 'EXDEV')) throw writeFailure(error, to.path, 0);
    throw new Failure('unsupported', `/${to.path}: lies on another file system than its source`, {
      path: to.path,
      cause: error,
    });
  }
  const size = from.link ? from.link.length : Number(from.stats.size);
  return { kind: 'file', path: to.path, size, modified: from.stats.mtimeNs };
}

/** Renames, making the folders on the way to `to`. */
export async function renameInto(from: string, to: string): Promise<void> {
  try {
    await system.rename(from, to);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    await makeDirs(parentPath(to));
    await system.rename(from, to);
  }
}

export async function removeFile(found: Found, path: string): Promise<void> {
  try {
    await system.unlink(found.disk);
  } catch (error) {
    throw diskFailure(error, path);
  }
}
