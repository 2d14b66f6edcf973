import { constants } from 'node:os';
import { type FailureKind, isFailure, messageOf } from '../core/failure.ts';
import type { Report } from '../core/report.ts';
import type { Node } from '../vfs/vfs.ts';

export const { errno } = constants;

/** What a program gets to see of a failure. The log says why. */
const errnos: Readonly<Record<FailureKind, number>> = {
  usage: errno.EINVAL,
  'not-found': errno.ENOENT,
  'folder-not-found': errno.ENOENT,
  'is-folder': errno.EISDIR,
  'is-file': errno.ENOTDIR,
  exists: errno.EEXIST,
  'not-empty': errno.ENOTEMPTY,
  denied: errno.EACCES,
  corrupt: errno.EIO,
  'wrong-password': errno.EIO,
  unsupported: errno.EOPNOTSUPP,
  'too-large': errno.EFBIG,
  full: errno.ENOSPC,
  changed: errno.ESTALE,
  exceeded: errno.EIO,
  transient: errno.EIO,
  cancelled: errno.EINTR,
  fatal: errno.EIO,
};

// Answers that programs ask for: a file that is not there, a folder that is not empty.
const ordinary: readonly FailureKind[] = [
  'usage',
  'not-found',
  'folder-not-found',
  'is-folder',
  'is-file',
  'exists',
  'not-empty',
  'unsupported',
  'too-large',
  'cancelled',
];

/** The answer to a request about a node of `kind`: what is too large in a folder is a name. */
export function errnoOf(error: unknown, kind: Node['kind']): number {
  if (!isFailure(error)) return errno.EIO;
  return error.kind === 'too-large' && kind === 'folder' ? errno.ENAMETOOLONG : errnos[error.kind];
}

/** False where a user should hear of it. */
export function isOrdinary(error: unknown): boolean {
  return isFailure(error, ...ordinary);
}

/** The log says why a request failed, where a user should hear of it. */
export function tell(report: Report, request: string, error: unknown): void {
  if (isOrdinary(error)) report.debug('', `${request}: ${messageOf(error)}`);
  else report.error('', messageOf(error));
}
