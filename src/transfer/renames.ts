import type { FileEntry } from '../core/entry.ts';
import { forEachParallel } from '../core/parallel.ts';
import { joinPath } from '../core/path.ts';
import { copyFile } from './copy-file.ts';
import type { Deletions } from './deletions.ts';
import type { Pair } from './merge.ts';
import { moveInStore } from './move-in-store.ts';
import { planFile, queueFile } from './plan-file.ts';
import { dropTransfer } from './progress.ts';
import { createRenameMap } from './rename-map.ts';
import type { RenameStrategy } from './rename-strategy.ts';
import type { Transfer, Twin } from './transfer.ts';

/** Files that only the source has, held until it is known which ones only the target has (`--track-renames`). */
export interface Renames {
  hold(pair: Pair, file: FileEntry): void;
  /** Queues the renames at the target of what the source has under another name, and plans the transfer of the others. */
  run(): Promise<void>;
}

/** Old names are looked for among the files that are to be deleted; those that are found leave these. */
export function createRenames(transfer: Transfer, strategy: RenameStrategy, targetOnly: Deletions): Renames {
  const { options, report, signal } = transfer.session;
  const held: { readonly pair: Pair; readonly file: FileEntry }[] = [];
  return {
    hold: (pair, file) => void held.push({ pair, file }),
    async run() {
      report.info('', 'Making map for --track-renames');
      const files = held.map(({ file }) => file);
      const takeOldName = await createRenameMap(transfer, strategy, files, [...targetOnly.files]);
      report.info('', 'Finished making map for --track-renames');
      await forEachParallel(held, options.checkers, signal, async ({ pair, file }) => {
        const old = await takeOldName(file);
        if (!old) return planFile(transfer, pair, file);
        targetOnly.files.delete(old);
        if (options.dryRun) report.info(pair.path, renamedFrom(old));
        await queueFile(transfer, pair, file, oldNameAsTwin(transfer, pair.path, old, targetOnly));
      });
    },
  };
}

/** At every moment the file stands under one of both names. */
function oldNameAsTwin({ session, to }: Transfer, path: string, old: FileEntry, targetOnly: Deletions): Twin {
  const { progress, report, signal } = session;
  const standing = joinPath(to.path, old.path);
  async function rename(): Promise<void> {
    if (await moveInStore(session, to.remote, standing, joinPath(to.path, path))) {
      dropTransfer(progress, old.size);
    } else {
      await copyFile(session, { from: to, file: old, to, path, isNew: false });
      await to.remote.remove(standing, { signal });
    }
    progress.renames++;
  }
  return {
    path: old.path,
    verb: 'move',
    async bring() {
      try {
        await rename();
      } catch (error) {
        targetOnly.add(old);
        throw error;
      }
      report.info(old.path, `Moved (server-side) to: ${path}`);
      report.info(path, renamedFrom(old));
    },
  };
}

function renamedFrom({ path }: FileEntry): string {
  return `Renamed from "${path}"`;
}
