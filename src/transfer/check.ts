import type { Bytes } from '../core/bytes.ts';
import type { FileEntry } from '../core/entry.ts';
import { forEachParallel } from '../core/parallel.ts';
import { joinPath } from '../core/path.ts';
import type { Location } from '../core/remote.ts';
import { hashesOf, type Match, sizesDiffer } from './compare.ts';
import { createFindings, type Findings, type OnOutcome } from './findings.ts';
import { march } from './march.ts';
import type { Pair } from './merge.ts';
import { placeName } from './place.ts';
import { createLimit } from './pool.ts';
import { withRetries } from './retry.ts';
import { sameBytes } from './same-bytes.ts';
import { mayChange, type Session } from './session.ts';
import { statAt } from './walk.ts';

/** Whether the contents of two files of one size are the same; `unknown` where no hash could tell. */
export type Verdict = 'same' | 'unknown' | { readonly differs: string };

export type CompareContents = (source: FileEntry, target: FileEntry) => Promise<Verdict>;

export interface CheckRequest {
  readonly from: Location;
  readonly to: Location;
  /** The one file of `from` to be checked; null for all of them. */
  readonly file: FileEntry | null;
  /** Files that only `to` has are no difference. */
  readonly oneWay: boolean;
  readonly compare: CompareContents;
  readonly onOutcome: OnOutcome;
}

/** Compares two trees and changes nothing. Each difference is an error that is counted; the rest goes on. */
export async function checkTrees(session: Session, request: CheckRequest): Promise<void> {
  const { from, to, file, oneWay } = request;
  const findings = createFindings(session, { source: placeName(from), target: placeName(to) }, request.onOutcome);
  const { checkers } = session.options;
  // Of all folders that are visited at once.
  const inTurn = createLimit(checkers);
  const visit = (pairs: readonly Pair[]): Promise<void> =>
    forEachParallel(pairs, checkers, session.signal, (pair) =>
      inTurn(() => checkPair(session, request, pair, findings)),
    );
  if (file) await visit([{ path: file.path, source: file, target: await statAt(session, to, file.path) }]);
  else await march(session, from, to, visit, { targetOnly: !oneWay, mayProbe: false });
  findings.conclude();
}

async function checkPair(
  session: Session,
  { from, to, oneWay, compare }: CheckRequest,
  { path, source, target }: Pair,
  findings: Findings,
): Promise<void> {
  if (source?.kind === 'file') {
    if (target?.kind === 'file') return checkFiles(session, { from, source, to, target }, compare, findings);
    return findings.missing('dst', source.path, `file not in ${placeName(to)}`);
  }
  if (target?.kind === 'file' && !oneWay) return findings.missing('src', path, `file not in ${placeName(from)}`);
}

async function checkFiles(session: Session, match: Match, compare: CompareContents, findings: Findings): Promise<void> {
  const { source, target } = match;
  const { path } = source;
  const { progress, options } = session;
  if (!(await mayChange(session, 'check', path, source.size))) return;
  progress.totalChecks++;
  progress.checking.add(path);
  try {
    if (await sizesDiffer(session, match)) return await findings.differ(path, 'sizes differ');
    const verdict = options.sizeOnly ? 'same' : await compare(source, target);
    if (typeof verdict === 'object') await findings.differ(path, verdict.differs);
    else await findings.match(path, verdict === 'same');
  } catch (error) {
    await findings.failed(path, 'Failed to check', error);
  } finally {
    progress.checks++;
    progress.checking.delete(path);
  }
}

/** Compares a hash that both sides keep. */
export function byHash(session: Session, from: Location, to: Location): CompareContents {
  return async (source, target) => {
    const hashes = await hashesOf(session, { from, source, to, target });
    if (!hashes) return 'unknown';
    return hashes.source === hashes.target ? 'same' : { differs: `${hashes.type} differ` };
  };
}

/** Reads both files to their ends (`--download`). */
export function byReading(session: Session, from: Location, to: Location): CompareContents {
  return (source, target) =>
    withRetries(session, source.path, async () =>
      (await sameBytes(read(session, from, source), read(session, to, target)))
        ? 'same'
        : { differs: 'contents differ' },
    );
}

function read(session: Session, at: Location, file: FileEntry): Bytes {
  return at.remote.read(joinPath(at.path, file.path), undefined, { signal: session.signal });
}
