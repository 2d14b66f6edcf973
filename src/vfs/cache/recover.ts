import { messageOf } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { afterMove } from './after-move.ts';
import type { Catalogue } from './catalogue.ts';
import type { CacheFolder } from './folder.ts';
import type { CacheOptions } from './options.ts';
import type { FileRecord } from './record.ts';

const sideBySide = 8;

/** Looks through the cache folder at the start. What is clean is kept for use, or removed where it is damaged; of what
 *  was left to upload, returns id → record, and sets aside what cannot be read. Asks the remote only where a rename was
 *  under way, and finishes that unless `isReadOnly`. */
export async function recover(
  folder: CacheFolder,
  catalogue: Catalogue,
  remote: Remote,
  { mode, isReadOnly }: Pick<CacheOptions, 'mode' | 'isReadOnly'>,
  report: Report,
): Promise<ReadonlyMap<string, FileRecord>> {
  const left = new Map<string, FileRecord>();
  const moving = new Map<string, FileRecord>();
  await forEachParallel(await folder.list(), sideBySide, undefined, async ([id, state]) => {
    const record = state && (await folder.readRecord(id, state));
    if (record && state === 'dirty') left.set(id, record);
    else if (record && state === 'moving') moving.set(id, record);
    else if (state === 'dirty') await tellAside(folder, id, report);
    else if (!(mode === 'full' && record && (await keep(folder, catalogue, id, record)))) await folder.remove(id);
  });
  await settleRenames(folder, remote, left, isReadOnly);
  if (!isReadOnly) await finishRenames(folder, remote, moving, report);
  if (left.size > 0) {
    const files = `${left.size} ${left.size === 1 ? 'file' : 'files'} left by an earlier mount`;
    report.notice(
      '',
      isReadOnly ? `${files} will be uploaded by one that is not read-only` : `${files} will be uploaded`,
    );
  }
  return left;
}

/** A file whose place another one has taken is not uploaded: that would take the other's away. */
async function settleRenames(
  folder: CacheFolder,
  remote: Remote,
  left: Map<string, FileRecord>,
  isReadOnly: boolean,
): Promise<void> {
  const replaced = new Set([...left.values()].map(({ replaces }) => replaces));
  await forEachParallel([...left], sideBySide, undefined, async ([id, record]) => {
    const found = replaced.has(id) ? null : await afterMove(remote, record, isReadOnly);
    if (found) left.set(id, found);
    else left.delete(id);
    if (isReadOnly || found === record) return;
    // Once the file is uploaded, the remote would not tell any more what came of the rename.
    if (found) await folder.writeRecord(id, 'dirty', found, { isDurable: true, isFirst: false });
    else await folder.remove(id);
  });
}

/** Of files of which nothing is to be uploaded: what cannot be finished is left to the next mount. */
async function finishRenames(
  folder: CacheFolder,
  remote: Remote,
  moving: ReadonlyMap<string, FileRecord>,
  report: Report,
): Promise<void> {
  await forEachParallel([...moving], sideBySide, undefined, async ([id, record]) => {
    try {
      await afterMove(remote, record, false);
      await folder.remove(id);
    } catch (error) {
      report.error(record.path, `may have two names, as its rename was cut short: ${messageOf(error)}`);
    }
  });
}

async function tellAside(folder: CacheFolder, id: string, report: Report): Promise<void> {
  const aside = await folder.setAside(id);
  const message = `${id} was left to upload and cannot be read: damaged, written before the remote's password was changed, or by another version of coffer. It is kept in ${aside}`;
  report.error(folder.path, message);
}

/** False where it is of no use. */
async function keep(folder: CacheFolder, catalogue: Catalogue, id: string, record: FileRecord): Promise<boolean> {
  if (!record.entry || record.runs.length === 0 || !folder.mayKeep(id)) return false;
  const [size, usedAt] = await Promise.all([folder.sizeOf(id), folder.usedAt(id)]);
  if (size === null) return false;
  const replaced = catalogue.put({ id, entry: record.entry, size, usedAt });
  if (replaced) await folder.remove(replaced.id);
  return true;
}
