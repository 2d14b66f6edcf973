import type { FileEntry } from '../../core/entry.ts';
import type { Move } from '../content.ts';
import { copyOnRemote, unlessUnsupported } from '../copy-on-remote.ts';
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
    const copied = await copyOnRemote(remote, from, to, call);
    await remote.remove(from);
    return copied;
  } finally {
    await forget();
  }
}
