import type { Awaitable } from '../core/awaitable.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import type { Metadata, Nanoseconds } from '../core/entry.ts';
import { Failure, isAbsence, isFailure, messageOf } from '../core/failure.ts';
import type { ListAhead } from '../core/remote.ts';
import type { Report } from '../core/report.ts';
import { formatSize } from '../core/size.ts';
import type { Cutoff } from './cutoff.ts';
import type { Filter } from './filter/filter.ts';
import type { Limit } from './pool.ts';
import type { Progress } from './progress.ts';
import type { RenameStrategy } from './rename-strategy.ts';

/** The flags that decide what a transfer does, named as rclone names them. */
export interface TransferOptions {
  readonly transfers: number;
  readonly checkers: number;
  readonly lowLevelRetries: number;
  readonly dryRun: boolean;
  readonly sizeOnly: boolean;
  readonly checksum: boolean;
  readonly ignoreChecksum: boolean;
  readonly ignoreExisting: boolean;
  readonly ignoreTimes: boolean;
  readonly ignoreSize: boolean;
  readonly ignoreErrors: boolean;
  readonly update: boolean;
  readonly immutable: boolean;
  /** Files that may wait for their turn, so that the totals are known early. */
  readonly maxBacklog: number;
  readonly noUpdateModified: boolean;
  /** Sets the time of a file whose size alone is known to be right, instead of sending it again. */
  readonly refreshTimes: boolean;
  readonly modifyWindow: Nanoseconds;
  readonly createEmptyFolders: boolean;
  /** After a move. */
  readonly deleteEmptySourceFolders: boolean;
  /** Files; -1 is no limit. */
  readonly maxDelete: number;
  readonly maxDepth: number;
  /** Milliseconds that a transfer may take; 0 for any time. */
  readonly maxDuration: number;
  /** By what sync knows a file that was renamed; null where it does not look for such. */
  readonly trackRenames: RenameStrategy | null;
  /** When sync deletes: before anything is copied, as it goes, or after all else. */
  readonly deleteMode: 'before' | 'during' | 'after';
  /** Looks for each file at the target instead of listing it. */
  readonly noTraverse: boolean;
  /** Takes nothing to stand at the target. */
  readonly noCheckDest: boolean;
  /** Begins no transfer before all is compared. */
  readonly checkFirst: boolean;
  /** As `parseOrder` reads it; '' for the order of the listings. */
  readonly orderBy: string;
  /** Of the names under which backups are kept; '' for none. */
  readonly suffix: string;
  /** Puts the suffix before the extension. */
  readonly suffixKeepExtension: boolean;
  /** What `--metadata-set` adds to the metadata of files that are written; null without `--metadata`. */
  readonly metadata: Metadata | null;
  readonly fastList: boolean;
  /** Bytes of a stream that are held before its upload starts: one that ends sooner goes as a file of known size. */
  readonly streamingCutoff: number;
  /** Takes names for one that only Unicode's normal form tells apart. */
  readonly normalizeNames: boolean;
  /** Takes names for one that only case tells apart. */
  readonly ignoreCase: boolean;
}

/** What one run of a command shares between its parts. */
export interface Session {
  readonly options: TransferOptions;
  readonly filter: Filter;
  readonly report: Report;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Listings that began while the remotes opened. */
  readonly ahead: ListAhead | null;
  /** Null without a limit. */
  readonly cutoff: Cutoff | null;
  /** For what a store is asked about single entries while folders are listed: `--checkers` at once, of all folders. */
  readonly looks: Limit;
  /** Asks before `action` on `subject` under `--interactive`; always true without it. */
  confirm(action: string, subject: string): Awaitable<boolean>;
}

/** Whether to go on with a change: false under --dry-run (which is told) and when the user says no. */
export function mayChange(session: Session, action: string, subject: string, size?: number): Awaitable<boolean> {
  if (session.options.dryRun) {
    const suffix = size !== undefined && size >= 0 ? ` (size ${formatSize(size)})` : '';
    session.report.notice(subject, `Skipped ${action} as --dry-run is set${suffix}`);
    return false;
  }
  return session.confirm(action, subject);
}

/** Counts and reports an error that concerns one path; the rest of the run goes on. Errors that end the run are rethrown. */
export function countError(session: Session, subject: string, what: string, error: unknown): void {
  throwIfFinal(session, error);
  const { progress } = session;
  progress.errors++;
  const { firstError } = progress;
  // An error that a further try may cure decides the exit code.
  if (firstError === undefined || isRetryable(error) || (mayPass(error) && !mayPass(firstError))) {
    progress.firstError = error;
  }
  session.report.error(subject, `${what}: ${messageOf(error)}`);
}

/** Throws the errors that end the run. */
export function throwIfFinal({ signal }: Session, error: unknown): void {
  if (isFailure(error, 'cancelled', 'fatal', 'exceeded')) throw error;
  throwIfCancelled(signal);
}

/** Whether the whole command, run again, may do without this error of one path. What has gone since it was listed is not
 *  listed then. */
export function mayPass(error: unknown): boolean {
  return isRetryable(error) || isFailure(error, 'changed', 'corrupt') || isAbsence(error);
}

function isRetryable(error: unknown): boolean {
  return error instanceof Failure && error.retryable;
}
