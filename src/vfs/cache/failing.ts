import { type Awaitable, whenFailed } from '../../core/awaitable.ts';
import { isFailure } from '../../core/failure.ts';
import { diskFailure, raiseLimit } from '../disk-failure.ts';

const steps = { room: '', folder: ': give a folder of your own with --cache-dir', limit: raiseLimit };

/** Runs what touches the cache at `path`; what the system says becomes a `diskFailure`. */
export function failing<T>(path: string, action: () => Promise<T>): Promise<T>;
export function failing<T>(path: string, action: () => Awaitable<T>): Awaitable<T>;
export function failing<T>(path: string, action: () => Awaitable<T>): Awaitable<T> {
  return whenFailed(action, (error) => {
    throw diskFailure(error, `the cache at ${path}`, path, steps);
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
