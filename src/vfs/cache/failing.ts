import { type Awaitable, whenFailed } from '../../core/awaitable.ts';
import { codeOf, Failure, type FailureKind, isFailure, messageOf } from '../../core/failure.ts';

const ownFolder = ': give a folder of your own with --cache-dir';
const raiseLimit = ': raise the limit (ulimit -Hn, LimitNOFILE of a systemd unit)';

// What the system's error codes mean to us, and the next step.
const meanings: Readonly<Record<string, readonly [kind: FailureKind, remedy: string]>> = {
  ENOSPC: ['full', ''],
  EDQUOT: ['full', ''],
  EFBIG: ['too-large', ''],
  EACCES: ['denied', ownFolder],
  EPERM: ['denied', ownFolder],
  EROFS: ['denied', ownFolder],
  ENOENT: ['fatal', ownFolder],
  ENOTDIR: ['fatal', ownFolder],
  EMFILE: ['transient', raiseLimit],
  ENFILE: ['transient', raiseLimit],
};

/** Runs what touches the cache at `path`; what the system says becomes a Failure: 'full', 'too-large', 'denied', 'transient' where
 *  too many files are open, or 'fatal'. */
export function failing<T>(path: string, action: () => Promise<T>): Promise<T>;
export function failing<T>(path: string, action: () => Awaitable<T>): Awaitable<T>;
export function failing<T>(path: string, action: () => Awaitable<T>): Awaitable<T> {
  return whenFailed(action, (error) => {
    if (error instanceof Failure) throw error;
    const [kind, remedy] = meanings[codeOf(error)] ?? ['fatal', ''];
    throw new Failure(kind, `the cache at ${path}: ${messageOf(error)}${remedy}`, { path, cause: error });
  });
}

/** Gives up something of the cache that is not needed; false where there is nothing left. */
export type MakeRoom = () => Promise<boolean>;

/** Does it again where the disk is full, as long as room can be made. */
export function withRoom<T>(makeRoom: MakeRoom, action: () => Awaitable<T>): Awaitable<T> {
  return whenFailed(action, async (error) => {
    if (!isFailure(error, 'full') || !(await makeRoom())) throw error;
    return withRoom(makeRoom, action);
  });
}
