import { codeOf, Failure, type FailureKind, messageOf } from '../core/failure.ts';

const kinds: Readonly<Record<string, FailureKind>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
};

/** The failure of something with `path`, in the words `what`, followed by those of the system. */
export function systemFailure(error: unknown, what: string, path: string): Failure {
  return new Failure(kinds[codeOf(error)] ?? 'usage', `${what}: ${messageOf(error)}`, { path, cause: error });
}
