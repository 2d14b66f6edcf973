import type { Awaitable } from '../../core/awaitable.ts';
import { isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { FolderNode } from './node.ts';
import type { Tree } from './tree.ts';

// To ask a remote costs as much as all else that a new file needs: it seals the name, and looks on its disk. A layer may store
// a name in a longer form, by a few bytes more for one of letters and digits than for another. So where this one fits into
// a folder, all shorter ones of that kind do.
const standIn = 'x'.repeat(64);
const shorter = /^[\w-](?:[\w.-]{0,46}[\w-])?$/;

/** Throws Failure('too-large') for a name that the remote could not take in this folder. */
export function requireFitting(tree: Tree, folder: FolderNode, name: string): Awaitable<void> {
  const place = tree.path(folder);
  if (!tree.remote.checkPath || (folder.shortNamesFitAt === place && shorter.test(name))) return undefined;
  return askRemote(tree, folder, place, name);
}

async function askRemote({ remote }: Tree, folder: FolderNode, place: string, name: string): Promise<void> {
  if (shorter.test(name)) {
    try {
      await remote.checkPath?.(joinPath(place, standIn));
      folder.shortNamesFitAt = place;
      return;
    } catch (error) {
      if (!isFailure(error, 'too-large')) throw error;
    }
  }
  await remote.checkPath?.(joinPath(place, name));
}
