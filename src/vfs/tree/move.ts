import type { FileEntry } from '../../core/entry.ts';
import { isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';
import type { Move } from '../content.ts';
import { copyOnRemote, unlessUnsupported } from '../copy-on-remote.ts';
import { isCopy, isSameVersion } from '../version.ts';
import type { Tree } from './tree.ts';

type MovingTree = Pick<Tree, 'remote' | 'call' | 'noteMove'>;

/** Gives a file on the remote another path, in place of what stands there; returns its entry. On the store's own side
 *  where that can, else by a copy: the old file goes when the new one stands. */
export async function moveOnRemote({ remote, call, noteMove }: MovingTree, move: Move): Promise<FileEntry> {
  const { from, to } = move;
  const moved = remote.move && (await unlessUnsupported(remote.move(from, to, call)));
  if (moved) return moved;
  const forget = await noteMove(move);
  try {
    const copied = await copyOrFind(remote, move, call);
    await remote.remove(from);
    return copied;
  } finally {
    await forget();
  }
}

/** A store may have made a copy whose answer was lost, or that took longer than a proxy waits. */
async function copyOrFind(remote: Remote, { from, to, entry, replaced }: Move, call: Call): Promise<FileEntry> {
  let isSent = false;
  const onSending = (): void => {
    isSent = true;
  };
  try {
    return await copyOnRemote(remote, from, to, { ...call, onSending });
  } catch (error) {
    if (!isSent || !isFailure(error, 'transient')) throw error;
    const found = await remote.stat(to, call).catch(() => null);
    const isMade = found !== null && isCopy(entry, found) && !(replaced && isSameVersion(replaced, found));
    if (!isMade) throw error;
    return found;
  }
}
