import type { BigIntStats } from 'node:fs';
import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import { type Bytes, collect, type Source } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { parentPath } from '../../core/path.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { writeAt } from './at-offset.ts';
import { writeAttributes } from './attributes.ts';
import { settable } from './clock.ts';
import { isSystemError, replaceFailure, writeFailure } from './disk-failure.ts';
import type { MetadataKeeper } from './metadata.ts';
import { closing, largeTransfer, system } from './system.ts';
import { replaceFile } from './temporary.ts';

const newFileMode = 0o666; // less the umask
const ownFileMode = 0o600;
const permissions = 0o777n;
const longestLink = 4095; // bytes: Linux's PATH_MAX less the NUL

/** A place on the disk, and what messages call it. */
export interface Target {
  readonly disk: string;
  readonly path: string;
}

/** Writes a file whole, with its time set before anyone sees it. A file that it replaces leaves its permissions, so
 *  that what was private stays private. */
export function writeFile(
  { disk, path }: Target,
  source: Source,
  { modified, attributes, metadata, isLasting }: WriteInfo,
  call: Call | undefined,
  keeper: MetadataKeeper,
): Awaitable<FileEntry> {
  const wanted = metadata && keeper.parse(metadata, path);
  let size = 0;
  let written = modified === undefined ? 0n : settable(modified);
  const setTime = (fd: number): Awaitable<void> =>
    modified !== undefined
      ? system.futimes(fd, modified, wanted?.accessed ?? modified)
      : whenThere(system.fstat(fd), ({ mtimeNs }) => {
          written = mtimeNs;
        });
  const finish = (fd: number): Awaitable<void> =>
    whenThere(setTime(fd), () => {
      if (attributes) writeAttributes(fd, attributes);
      if (wanted) return keeper.write(fd, wanted, path).then(() => (isLasting ? system.sync(fd) : undefined));
      if (isLasting) return system.sync(fd);
    });
  const fill = (fd: number): Awaitable<void> =>
    whenThere(writeSource(fd, path, source, call), (length) => {
      size = length;
      return finish(fd);
    });
  // Nobody else reads a file before it has its own permissions.
  const newMode = wanted?.mode === undefined ? newFileMode : ownFileMode;
  const place = (oldMode: number | null): Awaitable<void> => {
    const fillAs = (fd: number): Awaitable<void> =>
      oldMode === null ? fill(fd) : whenThere(system.fchmod(fd, oldMode), () => fill(fd));
    return replaceFile(
      disk,
      (temporary) => system.open(temporary, 'wx', oldMode ?? newMode),
      (fd) => whenThere(closing(fd, fillAs), () => throwIfCancelled(call?.signal, path)),
    );
  };
  const placed = whenFailed(
    () => {
      const done = whenThere(replacedMode(disk, path), place);
      return isLasting ? whenThere(done, () => syncFolder(parentPath(disk))) : done;
    },
    (error) => {
      throw replaceFailure(error, path, size);
    },
  );
  return whenThere(placed, () => ({ kind: 'file', path, size, modified: written }));
}

/** Writes the symlink that a `.rclonelink` text file at `path` stands for. */
export async function writeLink(
  { disk, path }: Target,
  source: Source,
  { modified }: WriteInfo,
  call: Call | undefined,
): Promise<FileEntry> {
  const target = await collect(source.open());
  requireSize(path, source.size, target.length);
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
    throw replaceFailure(error, path, target.length);
  }
}

/** The permissions of the file at `disk`; null where there is none. Throws Failure where something stands there that cannot
 *  be replaced, and the system's own errors. */
export function replacedMode(disk: string, path: string): Awaitable<number | null> {
  return whenThere(system.lookFor(disk), (stats) => {
    if (!stats || stats.isSymbolicLink()) return null;
    if (stats.isFile()) return Number(stats.mode & permissions);
    if (stats.isDirectory())
      throw new Failure('is-folder', `/${path}: there is a folder where the file should go`, { path });
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

/** Returns the bytes written. Throws when they are not as many as the source has said. */
function writeSource(fd: number, path: string, source: Source, call: Call | undefined): Awaitable<number> {
  const bytes = source.open();
  const isSmall = source.size !== null && source.size < largeTransfer;
  return whenThere(isSmall ? bytes.whole?.() : null, (whole) => {
    if (!whole) return writePieces(fd, path, source.size, bytes, call);
    throwIfCancelled(call?.signal, path);
    return whenThere(writeAt(fd, whole, 0), () => requireSize(path, source.size, whole.length));
  });
}

/** As `writeSource`. A piece is written while the source makes the next one. */
export async function writePieces(
  fd: number,
  path: string,
  expected: number | null,
  bytes: Bytes,
  call: Call | undefined,
): Promise<number> {
  let size = 0;
  let writtenSize = 0;
  let writing: Awaitable<void> | undefined;
  try {
    for await (const piece of bytes) {
      if (writing) await writing;
      writtenSize = size;
      throwIfCancelled(call?.signal, path);
      writing = writeAt(fd, piece, size);
      // It is awaited above and below; until then its failure waits.
      writing?.catch(() => {});
      size += piece.length;
      // One without an end would fill the disk.
      if (expected !== null && size > expected) requireSize(path, expected, size);
    }
    if (writing) await writing;
  } catch (error) {
    throw writeFailure(error, path, writtenSize);
  } finally {
    // The file is closed after this.
    await writing?.catch(() => {});
  }
  return requireSize(path, expected, size);
}

/** `size`. Throws Failure('corrupt') where it is another than was announced. */
function requireSize(path: string, expected: number | null, size: number): number {
  if (expected === null || expected === size) return size;
  throw new Failure('corrupt', `/${path}: got ${size} bytes where ${expected} were announced`, { path });
}
