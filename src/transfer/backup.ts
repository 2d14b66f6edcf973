import type { FileEntry } from '../core/entry.ts';
import { Failure, messageOf, unlessAbsent } from '../core/failure.ts';
import { baseName, joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { copyFile } from './copy-file.ts';
import { moveInStore } from './move-in-store.ts';
import { areSame, overlap } from './overlap.ts';
import { toPath } from './place.ts';
import { expectTransfer } from './progress.ts';
import type { Session, TransferOptions } from './session.ts';

/** Where a transfer brings what it would overwrite or delete: `--backup-dir`, `--suffix`. */
export interface Backup {
  /** Brings a file of the target there, whole, in place of an older one of its name. What is about to be deleted is gone
   *  from the target then; what is about to be replaced may still stand there. Where it does not, resolves with what puts it
   *  back, for when nothing has come to its place; that never throws. */
  keep(file: FileEntry, fate: 'replaced' | 'deleted'): Promise<(() => Promise<void>) | null>;
}

/** Throws Failure('fatal') for a place that is no backup of a tree: on another remote, or in the way of the transfer.
 *  `dir` is null where only a suffix is given: then the backups stand beside the files. */
export function createTreeBackup(session: Session, from: Location, to: Location, dir: Location | null): Backup {
  if (dir) {
    requireSameRemote(dir, to);
    if (overlap(session, dir, to))
      throw new Failure('fatal', "destination and parameter to --backup-dir mustn't overlap");
    if (overlap(session, dir, from)) throw new Failure('fatal', "source and parameter to --backup-dir mustn't overlap");
  }
  return createBackup(session, to, dir ?? to);
}

/** The same for the transfer of one file, which no folder above or below is in the way of. */
export function createFileBackup(session: Session, from: Location, to: Location, dir: Location | null): Backup {
  if (dir) {
    requireSameRemote(dir, to);
    const isRenamed = session.options.suffix !== '';
    if (!isRenamed && areSame(dir, to))
      throw new Failure('fatal', "destination and parameter to --backup-dir mustn't be the same");
    if (!isRenamed && areSame(dir, from))
      throw new Failure('fatal', "source and parameter to --backup-dir mustn't be the same");
  }
  return createBackup(session, to, dir ?? to);
}

function createBackup(session: Session, to: Location, at: Location): Backup {
  const { remote } = to;
  if (!remote.move && !remote.copy) {
    throw new Failure('fatal', "can't use --backup-dir on a remote which doesn't support server-side move or copy");
  }
  return {
    async keep(file, fate) {
      const name = nameOfBackup(file.path, session.options);
      const standing = joinPath(to.path, file.path);
      // A store that can only copy leaves the file where it is, until another takes its place.
      const isMoved = await moveInStore(session, remote, standing, joinPath(at.path, name));
      if (!isMoved) {
        expectTransfer(session.progress, file.size);
        await copyFile(session, { from: to, file, to: at, path: name, isNew: false });
        if (fate === 'deleted') await remote.remove(standing, { signal: session.signal });
      }
      session.progress.renames++;
      session.report.info(file.path, `Moved (server-side)${toPath(name, file.path)}`);
      return isMoved && fate === 'replaced' ? () => putBack(session, to, file, joinPath(at.path, name)) : null;
    },
  };
}

// Without the session's signal: what was cancelled must still be put back.
async function putBack({ report, progress }: Session, to: Location, { path }: FileEntry, kept: string): Promise<void> {
  const standing = joinPath(to.path, path);
  try {
    if (await unlessAbsent(to.remote.stat(standing))) return;
    await to.remote.move?.(kept, standing);
    progress.renames--;
    report.info(path, 'Moved back, since the new version did not arrive');
  } catch (error) {
    report.error(path, `The old version stays in the backup, as ${kept}: ${messageOf(error)}`);
  }
}

type Naming = Pick<TransferOptions, 'suffix' | 'suffixKeepExtension'>;

/** `a.tar.gz` with the suffix `-1` is `a.tar.gz-1`, or `a.tar-1.gz` where the extension is kept. */
export function nameOfBackup(path: string, { suffix, suffixKeepExtension }: Naming): string {
  const dot = suffixKeepExtension ? baseName(path).lastIndexOf('.') : -1;
  if (dot < 0) return path + suffix;
  const end = path.length - baseName(path).length + dot;
  return path.slice(0, end) + suffix + path.slice(end);
}

function requireSameRemote(dir: Location, to: Location): void {
  if (dir.remote !== to.remote)
    throw new Failure('fatal', 'parameter to --backup-dir has to be on the same remote as destination');
}
