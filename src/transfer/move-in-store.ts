import { isFailure } from '../core/failure.ts';
import type { Remote } from '../core/remote.ts';
import type { Session } from './session.ts';

/** Moves a file on the store's own side, in place of what stands at `to`. False where the store cannot. */
export async function moveInStore({ signal }: Session, remote: Remote, from: string, to: string): Promise<boolean> {
  if (!remote.move) return false;
  try {
    await remote.move(from, to, { signal });
    return true;
  } catch (error) {
    if (isFailure(error, 'unsupported')) return false;
    throw error;
  }
}
