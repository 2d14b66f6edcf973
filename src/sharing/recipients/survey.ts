import type { FileEntry } from '../../core/entry.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { joinPath } from '../../core/path.ts';
import { includesKey, readersOf } from '../../formats/crypt4gh/recipients.ts';
import { readHeader } from '../../remotes/crypt4gh/read.ts';
import { withRetries } from '../../transfer/retry.ts';
import { countError, type Session } from '../../transfer/session.ts';
import { walk } from '../../transfer/walk.ts';
import type { SealedTree } from './sealed-tree.ts';

/** Who can open the files of a tree. */
export interface Survey {
  /** For each candidate, in their order, how many files are known to be for it. */
  readonly counts: readonly number[];
  /** Files that others can open too, of whom nobody knows who they are. */
  readonly unknown: number;
  readonly files: number;
}

/** Reads the header of each file, or of the one. Those that the owner cannot open are errors, counted in the session. */
export async function surveyReaders(
  session: Session,
  { at, crypt4gh, own }: SealedTree,
  candidates: readonly Uint8Array[],
  file: FileEntry | null,
): Promise<Survey> {
  const counts = candidates.map(() => 0);
  let unknown = 0;
  let files = 0;

  async function look({ path }: FileEntry): Promise<void> {
    try {
      const call = { signal: session.signal };
      const sealedPath = crypt4gh.sealedPath(joinPath(at.path, path));
      const sealed = { remote: crypt4gh.base.remote, sealedPath, call };
      const { packets } = await withRetries(session, path, () => readHeader(sealed, path));
      const readers = readersOf(packets, { pair: own, candidates, path });
      files++;
      if (readers.unknown > 0) unknown++;
      for (const [index, candidate] of candidates.entries()) {
        if (includesKey(readers.known, candidate)) counts[index] = (counts[index] ?? 0) + 1;
      }
    } catch (error) {
      countError(session, path, 'Failed to see who can open it', error);
    }
  }
  if (file) await look(file);
  else {
    await walk(session, at, (page) =>
      forEachParallel(page, session.options.checkers, session.signal, async (entry) => {
        if (entry.kind === 'file') await look(entry);
      }),
    );
  }
  return { counts, unknown, files };
}
