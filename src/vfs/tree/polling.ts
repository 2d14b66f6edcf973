import { messageOf } from '../../core/failure.ts';
import { timerDelay } from '../../core/timer.ts';
import type { Listings } from './listing.ts';
import type { FolderNode } from './node.ts';
import type { Tree } from './tree.ts';

/** Looks again at the folders that were used since the last time, every `VfsOptions.pollInterval`. */
export function startPolling(tree: Tree, listings: Listings): NodeJS.Timeout | undefined {
  const { pollInterval } = tree.options;
  const { signal } = tree.asking;
  if (pollInterval <= 0) return undefined;
  let isPolling = false;

  async function poll(folder: FolderNode): Promise<void> {
    const isOld = folder.listedAt !== null && performance.now() - folder.listedAt >= pollInterval / 2;
    if (folder.isUsed && isOld) {
      folder.isUsed = false;
      await listings.refresh(folder).catch((error: unknown) => {
        if (!signal.aborted) tree.report.debug(folder.name, `looking for changes failed: ${messageOf(error)}`);
      });
    }
    for (const child of [...folder.children.values()]) {
      if (signal.aborted) return;
      if (child.kind === 'folder') await poll(child);
    }
  }

  return setInterval(async () => {
    if (isPolling) return;
    isPolling = true;
    await poll(tree.root);
    isPolling = false;
  }, timerDelay(pollInterval)).unref();
}
