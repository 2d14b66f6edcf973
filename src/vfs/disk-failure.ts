import { codeOf, Failure, type FailureKind, messageOf } from '../core/failure.ts';

/** What a user can do, behind a colon: about a disk that is full, a folder that cannot be used, a process that may have no
 *  more files open. */
export interface NextSteps {
  readonly room: string;
  readonly folder: string;
  readonly limit: string;
}

export const raiseLimit = ': raise the limit (ulimit -Hn, LimitNOFILE of a systemd unit)';

// What the system's error codes mean to us.
const meanings: Readonly<Record<string, readonly [kind: FailureKind, step?: keyof NextSteps]>> = {
  ENOSPC: ['full', 'room'],
  EDQUOT: ['full', 'room'],
  EFBIG: ['too-large'],
  EACCES: ['denied', 'folder'],
  EPERM: ['denied', 'folder'],
  EROFS: ['denied', 'folder'],
  ENOENT: ['fatal', 'folder'],
  ENOTDIR: ['fatal', 'folder'],
  EMFILE: ['transient', 'limit'],
  ENFILE: ['transient', 'limit'],
};

/** What failed on a disk of this machine that holds what is written: 'full', 'too-large', 'denied', 'transient' where too
 *  many files are open, or 'fatal'. `about` begins the message. */
export function diskFailure(error: unknown, about: string, path: string, steps: NextSteps): Failure {
  if (error instanceof Failure) return error;
  const [kind, step] = meanings[codeOf(error)] ?? ['fatal'];
  const message = `${about}: ${messageOf(error)}${step ? steps[step] : ''}`;
  return new Failure(kind, message, { path, cause: error });
}
