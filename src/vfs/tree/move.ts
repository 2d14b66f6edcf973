import type { Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';
import type { Move } from '../content.ts';
import { rangeOf } from '../remote-bytes.ts';
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
    const copied =
      (remote.copy && (await unlessUnsupported(remote.copy(from, to, call)))) ||
      (await copyThrough(remote, from, to, call));
    await remote.remove(from);
    return copied;
  } finally {
    await forget();
  }
}

async function copyThrough(remote: Remote, from: string, to: string, call: Call): Promise<FileEntry> {
  const entry = await remote.stat(from, call);
  const source: Source = {
    size: entry.size,
    replayable: true,
    // Each time the same bytes or a failure: two versions must not be sealed under one nonce.
    open: ({ start, end = entry.size } = { start: 0 }) => rangeOf(remote, entry, start, Math.min(end, entry.size)),
  };
  const { modified, mimeType, attributes } = entry;
  return remote.write(to, source, { modified: modified ?? undefined, mimeType, attributes: attributes ?? undefined });
}

/** Null where the store cannot do it in this case. */
async function unlessUnsupported<T>(action: Promise<T>): Promise<T | null> {
  try {
    return await action;
  } catch (error) {
    if (isFailure(error, 'unsupported')) return null;
    throw error;
  }
}
