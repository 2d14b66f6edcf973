import { codeOf, Failure, type FailureKind, isFailure } from '../core/failure.ts';

/** rclone's exit codes; 130 is the shell's for Ctrl-C. */
const exitCodes: Readonly<Record<FailureKind, number>> = {
  usage: 1,
  'folder-not-found': 3,
  'not-found': 4,
  transient: 5,
  exists: 6,
  fatal: 7,
  exceeded: 8,
  cancelled: 130,
  'is-folder': 1,
  'is-file': 1,
  'not-empty': 1,
  denied: 1,
  corrupt: 1,
  'wrong-password': 1,
  unsupported: 1,
  'too-large': 1,
  full: 1,
  changed: 1,
};

/** Of `--error-on-no-transfer`. */
export const nothingTransferred = 9;

/** What a shell shows of a program that SIGPIPE ended, as it ends rclone. */
const readerGone = 141;

export function exitCodeOf(error: unknown): number {
  if (isReaderGone(error)) return readerGone;
  return error instanceof Failure ? exitCodes[error.kind] : 2;
}

/** `| head` has read enough: that is no failure worth a word. */
export function isReaderGone(error: unknown): boolean {
  return isFailure(error, 'cancelled') && codeOf(error.cause) === 'EPIPE';
}
