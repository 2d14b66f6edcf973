import type { BigIntStats } from 'node:fs';
import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { collect, type Source } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { parentPath } from '../../core/path.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { writeAt } from './at-offset.ts';
import { writeAttributes } from './attributes.ts';
import { settable } from './clock.ts';
import { diskFailure, isSystemError } from './disk-failure.ts';
import { system } from './system.ts';
import { replaceFile } from './temporary.ts';

const newFileMode = 0o666; // less the umask
const permissions = 0o777n;
const longestLink = 4095; // bytes: Linux's PATH_MAX less the NUL

/** Writes a file whole, with its time set before anyone sees it. A file that it replaces leaves its permissions, so
 *  that what was private stays private. */
export async function writeFile(
  disk: string,
  path: string,
  source: Source,
  { modified, attributes, isLasting }: WriteInfo,
  call: Call | undefined,
): Promise<FileEntry> {
  let size = 0;
  let written = modified === undefined ? 0n : settable(modified);
  try {
    const oldMode = await replacedMode(disk, path);
    await replaceFile(
      disk,
      (temporary) => createFile(temporary, oldMode),
      async (fd) => {
        try {
          size = await writePieces(fd, path, source, call);
          if (modified === undefined) written = (await system.fstat(fd)).mtimeNs;
          else await system.futimes(fd, modified);
          if (attributes) writeAttributes(fd, attributes);
          if (isLasting) await system.sync(fd);
        } finally {
          await system.close(fd);
        }
        throwIfCancelled(call?.signal, path);
      },
    );
    if (isLasting) await syncFolder(parentPath(disk));
  } catch (error) {
    throw writeFailure(error, path, size);
  }
  return { kind: 'file', path, size, modified: written };
}

/** Writes the symlink that a `.rclonelink` text file at `path` stands for. */
export async function writeLink(
  disk: string,
  path: string,
  source: Source,
  { modified }: WriteInfo,
  call: Call | undefined,
): Promise<FileEntry> {
  const target = await collect(source.open());
  requireSize(path, source, target.length);
  if (target.length > longestLink || target.includes(0)) {
    throw new Failure('unsupported', `/${path}: does not hold the target of a symlink`, { path });
  }
  throwIfCancelled(call?.signal, path);
  try {
    await replacedMode(disk, path);
    await replaceFile(
      disk,
      async (temporary) => system.makeLink(target, temporary),
      async (_made, temporary) => {
        if (modified !== undefined) await system.lutimes(temporary, modified);
      },
    );
    return { kind: 'file', path, size: target.length, modified: (await system.lstat(disk)).mtimeNs };
  } catch (error) {
    throw writeFailure(error, path, target.length);
  }
}

/** The permissions of the file that stands at `disk`; null where there is none. Throws Failure where none can be
 *  replaced, and the system's own errors. */
export function replacedMode(disk: string, path: string): Awaitable<number | null> {
  return whenThere(system.lookFor(disk), (stats) => {
    if (!stats || stats.isSymbolicLink()) return null;
    if (stats.isFile()) return Number(stats.mode & permissions);
    if (stats.isDirectory())
      throw new Failure('is-folder', `/${path}: a folder stands where the file should go`, { path });
    throw new Failure('unsupported', `/${path}: will not replace what is neither a file nor a folder`, { path });
  });
}

/** What stands where something is to be written, itself a symlink or not. Throws Failure, as for a name that is too long. */
export async function lookFor(disk: string, path: string): Promise<BigIntStats | undefined> {
  try {
    return await system.lookFor(disk);
  } catch (error) {
    throw writeFailure(error, path, 0);
  }
}

/** As `diskFailure`, where a file was to be written of which `size` bytes have been. */
export function writeFailure(error: unknown, path: string, size: number): unknown {
  if (isSystemError(error, 'ENOTDIR', 'EEXIST')) {
    return new Failure('exists', `/${path}: a part of its path is a file`, { path, cause: error });
  }
  return diskFailure(error, path, isSystemError(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? ` (after ${size} bytes)` : '');
}

/** Makes the names in a folder outlive a power cut. */
async function syncFolder(disk: string): Promise<void> {
  const fd = await system.open(disk || '/', 'r');
  try {
    await system.sync(fd);
  } catch (error) {
    // Some network file systems cannot, and need not.
    if (!isSystemError(error, 'EINVAL', 'ENOTSUP')) throw error;
  } finally {
    await system.close(fd);
  }
}

function createFile(temporary: string, oldMode: number | null): Awaitable<number> {
  return whenThere(system.open(temporary, 'wx', oldMode ?? newFileMode), (fd) =>
    oldMode === null ? fd : whenThere(system.fchmod(fd, oldMode), () => fd),
  );
}

/** Returns the bytes written. Throws when they are not as many as the source has said. A piece is written while the
 *  source makes the next one. */
export async function writePieces(fd: number, path: string, source: Source, call: Call | undefined): Promise<number> {
  let size = 0;
  let writtenSize = 0;
  let writing: Awaitable<void> | undefined;
  try {
    for await (const piece of source.open()) {
      if (writing) await writing;
      writtenSize = size;
      throwIfCancelled(call?.signal, path);
      writing = writeAt(fd, piece, size);
      // It is awaited above and below; until then its failure waits.
      writing?.catch(() => {});
      size += piece.length;
    }
    if (writing) await writing;
  } catch (error) {
    throw writeFailure(error, path, writtenSize);
  } finally {
    // The file is closed after this.
    await writing?.catch(() => {});
  }
  requireSize(path, source, size);
  return size;
}

function requireSize(path: string, source: Source, size: number): void {
  if (source.size === null || source.size === size) return;
  throw new Failure('corrupt', `/${path}: got ${size} bytes where ${source.size} were announced`, { path });
}
