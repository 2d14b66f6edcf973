import { throwIfCancelled } from '../core/cancel.ts';
import { Failure } from '../core/failure.ts';
import { countError, type Session } from './session.ts';

/** What a check can find out about a path. */
export type Outcome = 'match' | 'differ' | 'missing-on-src' | 'missing-on-dst' | 'error';

/** Takes each path as soon as its outcome is known. */
export type OnOutcome = (outcome: Outcome, path: string) => Promise<void>;

/** What messages call the two sides, and what is missing where the source lacks something. */
export interface Sides {
  readonly source: string;
  readonly target: string;
  readonly missingOnSource?: string;
}

/** Gathers what a check finds: tells it in the log, counts it, hands the paths on. */
export interface Findings {
  /** `isHashed` is false where only the size could be compared. */
  match(path: string, isHashed: boolean): Promise<void>;
  /** Without `why` the log has told it already. */
  differ(path: string, why?: string): Promise<void>;
  missing(side: 'src' | 'dst', path: string, why: string): Promise<void>;
  /** The file could not be read: it is counted, the rest goes on. */
  failed(path: string, what: string, error: unknown): Promise<void>;
  /** Logs rclone's totals, and makes the run fail when something differs. */
  conclude(): void;
}

export function createFindings(session: Session, sides: Sides, onOutcome: OnOutcome): Findings {
  const { progress, report } = session;
  const count = { match: 0, unhashed: 0, differ: 0, src: 0, dst: 0 };

  function countDifference(path: string, why: string | undefined): void {
    throwIfCancelled(session.signal);
    count.differ++;
    progress.errors++;
    if (why !== undefined) report.error(path, why);
  }

  return {
    async match(path, isHashed) {
      count.match++;
      if (!isHashed) count.unhashed++;
      report.debug(path, isHashed ? 'OK' : 'OK - could not check hash');
      await onOutcome('match', path);
    },
    async differ(path, why) {
      countDifference(path, why);
      await onOutcome('differ', path);
    },
    async missing(side, path, why) {
      countDifference(path, why);
      count[side]++;
      await onOutcome(`missing-on-${side}`, path);
    },
    async failed(path, what, error) {
      countError(session, path, what, error);
      await onOutcome('error', path);
    },
    conclude() {
      const { source, target, missingOnSource = 'files' } = sides;
      if (count.dst > 0) report.notice(target, `${count.dst} files missing`);
      if (count.src > 0) report.notice(source, `${count.src} ${missingOnSource} missing`);
      report.notice(target, `${progress.errors} differences found`);
      if (progress.errors > 0) report.notice(target, `${progress.errors} errors while checking`);
      if (count.unhashed > 0) report.notice(target, `${count.unhashed} hashes could not be checked`);
      if (count.match > 0) report.notice(target, `${count.match} matching files`);
      // A difference decides the exit code, whatever else went wrong.
      if (count.differ > 0) progress.firstError = new Failure('corrupt', `${count.differ} differences found`);
    },
  };
}
