import { messageOf } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import type { Move } from '../content.ts';
import type { CacheFolder } from './folder.ts';

/** Writes a record that tells of a rename alone, and returns what removes it. The rename does not fail for it: without one, a
 *  file has both names after a kill. */
export async function noteMove(folder: CacheFolder, move: Move, report: Report): Promise<() => Promise<void>> {
  const { from: path, entry } = move;
  const id = folder.newId();
  const nothing = { size: 0, remoteSize: 0, runs: [], modified: 0n, attributes: null };
  const tell = (error: unknown): void => report.debug(path, `the journal of its rename: ${messageOf(error)}`);
  try {
    await folder.writeRecord(id, 'moving', { ...nothing, path, entry, move }, { isDurable: false, isFirst: true });
  } catch (error) {
    tell(error);
  }
  return () => folder.forget(id).catch(tell);
}
