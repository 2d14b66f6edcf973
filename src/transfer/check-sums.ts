import type { FileEntry } from '../core/entry.ts';
import { isFailure } from '../core/failure.ts';
import type { Location } from '../core/remote.ts';
import { createFindings, type OnOutcome } from './findings.ts';
import { placeName } from './place.ts';
import { createPool } from './pool.ts';
import { countError, type Session } from './session.ts';
import type { Sums } from './sum-file.ts';
import { walk } from './walk.ts';

export interface SumCheckRequest {
  readonly at: Location;
  /** The one file to be checked; null for all below `at`. */
  readonly file: FileEntry | null;
  readonly sums: Sums;
  /** Files that have no sum are no difference. */
  readonly oneWay: boolean;
  /** Lower-case hex; null where the store does not know it. */
  readonly hash: (file: FileEntry) => Promise<string | null>;
  readonly onOutcome: OnOutcome;
}

/** Holds files against a list of hashes. Each difference is an error that is counted; the rest goes on. */
export async function checkSums(session: Session, request: SumCheckRequest): Promise<void> {
  const { at, file, sums, oneWay, hash } = request;
  const sides = { source: '', target: placeName(at), missingOnSource: 'hashes' };
  const findings = createFindings(session, sides, request.onOutcome);
  const pool = createPool(session.options.checkers);
  const seen = new Set<string>();

  async function checkFile(entry: FileEntry): Promise<void> {
    const { path } = entry;
    const expected = sums.get(path);
    seen.add(path);
    if (expected === undefined) {
      if (!oneWay) await findings.missing('src', path, 'sum not found');
      return;
    }
    session.progress.totalChecks++;
    try {
      const actual = await hash(entry);
      if (actual === null || actual === expected) await findings.match(path, actual !== null);
      else await findings.differ(path, 'files differ');
    } catch (error) {
      await findings.failed(path, 'Failed to calculate hash', error);
    } finally {
      session.progress.checks++;
    }
  }

  /** What was thrown where there is no such folder: then every file of the list is missing. */
  async function checkTree(): Promise<unknown> {
    try {
      await walk(session, at, async (page) => {
        for (const entry of page) if (entry.kind === 'file') await pool.add(() => checkFile(entry));
      }).finally(() => pool.drain());
    } catch (error) {
      if (!isFailure(error, 'folder-not-found')) throw error;
      countError(session, '', 'error listing', error);
      return error;
    }
  }

  let absence: unknown;
  if (file) await checkFile(file);
  else {
    absence = await checkTree();
    for (const path of sums.keys()) {
      if (!seen.has(path) && session.filter.includesName(path))
        await findings.missing('dst', path, `file not in ${placeName(at)}`);
    }
  }
  findings.conclude();
  if (absence !== undefined) throw absence;
}
