import type { Awaitable } from '../../core/awaitable.ts';
import type { FileEntry } from '../../core/entry.ts';
import { joinPath } from '../../core/path.ts';
import { createPool } from '../../transfer/pool.ts';
import { withRetries } from '../../transfer/retry.ts';
import { countError, mayChange, type Session } from '../../transfer/session.ts';
import { walk } from '../../transfer/walk.ts';
import { type HeaderChange, rewriteHeader } from './rewrite.ts';
import type { SealedTree } from './sealed-tree.ts';

/** What became of the files of a tree. */
export interface Changes {
  /** Whose bytes the store moved on its own side. */
  movedByStore: number;
  /** That went through here. */
  sentAnew: number;
  /** That were so already, or were not to be changed. */
  unchanged: number;
}

/** Changes who can open each file of a tree, or the one. Errors of single files are counted in the session and the rest
 *  goes on; done again, it finds what is left. `action` is what it is called where the user is asked. */
export async function changeReaders(
  session: Session,
  tree: SealedTree,
  file: FileEntry | null,
  action: string,
  change: HeaderChange,
): Promise<Changes> {
  const { progress, options } = session;
  const changes: Changes = { movedByStore: 0, sentAnew: 0, unchanged: 0 };
  const pool = createPool(options.transfers, options.maxBacklog);

  async function work({ path }: FileEntry): Promise<void> {
    try {
      const call = { signal: session.signal };
      const place = { tree, path: joinPath(tree.at.path, path) };
      const mayDo = (size: number) => mayChange(session, action, path, size);
      const outcome = await withRetries(session, path, () => rewriteHeader(place, change, mayDo, call));
      changes[outcome]++;
      progress.checks++;
      if (outcome === 'unchanged') return;
      progress.transfers++;
      session.report.info(path, outcome === 'movedByStore' ? 'Rewritten by the store' : 'Uploaded again');
    } catch (error) {
      countError(session, path, `Failed to ${action}`, error);
    }
  }
  const add = (entry: FileEntry): Awaitable<void> => {
    progress.totalChecks++;
    return pool.add(() => work(entry));
  };
  try {
    if (file) await add(file);
    else {
      await walk(session, tree.at, async (page) => {
        for (const entry of page) if (entry.kind === 'file') await add(entry);
      });
    }
  } finally {
    await pool.drain();
  }
  return changes;
}
