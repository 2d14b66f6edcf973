import { codeOf, Failure, type FailureKind } from '../../core/failure.ts';

// What the system's error codes mean to us, and what to say of them.
const meanings: Readonly<Record<string, readonly [kind: FailureKind, message: string]>> = {
  ENOENT: ['not-found', 'no such file'],
  ENOTDIR: ['not-found', 'no such file: a part of its path is not a folder'],
  ELOOP: ['not-found', 'no such file: its symlinks lead in a circle'],
  EISDIR: ['is-folder', 'is a folder, not a file'],
  EEXIST: ['is-file', 'there is a file where a folder is needed'],
  ENOTEMPTY: ['not-empty', 'the folder is not empty'],
  EACCES: ['denied', 'permission denied: check its owner and mode, and those of its folder'],
  EPERM: ['denied', 'the system does not allow this'],
  EROFS: ['denied', 'the file system is read-only'],
  ETXTBSY: ['denied', 'the file is a running program'],
  ENOSPC: ['full', 'no space left on the disk'],
  EDQUOT: ['full', 'the disk quota is used up'],
  ENAMETOOLONG: ['too-large', 'the name is too long for this file system'],
  EFBIG: ['too-large', 'the file is too large for this file system or for the limit set for this process'],
  EXDEV: ['unsupported', 'cannot be moved to another file system'],
  EINVAL: ['unsupported', 'the file system does not take this name or operation'],
  EMFILE: ['transient', 'too many open files: raise their limit (ulimit -n), or use fewer --transfers'],
  ENFILE: ['transient', 'too many open files on this system'],
};

/** The Failure of a system call on `path`; anything else that was thrown comes back as it is. */
export function diskFailure(error: unknown, path: string, detail = ''): unknown {
  if (!isSystemError(error)) return error;
  const code = codeOf(error);
  const [kind, message] = meanings[code] ?? ['transient', `the disk failed with ${code}`];
  return new Failure(kind, `/${path}: ${message}${detail}`, { path, cause: error });
}

/** As `diskFailure`, where what is missing is a folder. `name` says what was looked for. */
export function folderFailure(error: unknown, path: string, name = 'folder'): unknown {
  if (!isSystemError(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return diskFailure(error, path);
  const why = error.code === 'ENOTDIR' ? ': it, or a part of its path, is a file' : '';
  return new Failure('folder-not-found', `/${path}: no such ${name}${why}`, { path, cause: error });
}

export function isSystemError(
  error: unknown,
  ...codes: readonly string[]
): error is Error & { code: string; syscall: unknown } {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return false;
  return typeof error.code === 'string' && (codes.length === 0 || codes.includes(codeOf(error)));
}

/** As `diskFailure`, where a file was to be written of which `size` bytes have been. */
export function writeFailure(error: unknown, path: string, size: number): unknown {
  if (isSystemError(error, 'ENOTDIR', 'EEXIST')) {
    return new Failure('is-file', `/${path}: a part of its path is a file`, { path, cause: error });
  }
  return diskFailure(error, path, isSystemError(error, 'ENOSPC', 'EDQUOT', 'EFBIG') ? ` (after ${size} bytes)` : '');
}

/** As `writeFailure`, of what had a temporary name: where that is missing, others took its folder away. */
export function replaceFailure(error: unknown, path: string, size: number): unknown {
  const isGone = isSystemError(error, 'ENOENT') && (error.syscall === 'rename' || error.syscall === 'open');
  if (!isGone) return writeFailure(error, path, size);
  const message = `/${path}: its folder was removed or renamed while it was written`;
  return new Failure('transient', message, { path, cause: error });
}
