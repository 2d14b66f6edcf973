import { collect } from '../core/bytes.ts';
import { Failure } from '../core/failure.ts';
import type { HashType } from '../core/hash.ts';
import { joinPath } from '../core/path.ts';
import { checkSums } from '../transfer/check-sums.ts';
import { hasher } from '../transfer/digest.ts';
import type { OnOutcome } from '../transfer/findings.ts';
import { placeName } from '../transfer/place.ts';
import { parseSums, type Sums } from '../transfer/sum-file.ts';
import type { CommandContext } from './command.ts';
import { findTarget, openTarget } from './source.ts';

export interface SumFileCheck {
  readonly type: HashType;
  /** The files to be checked. */
  readonly spec: string;
  readonly sumFile: string;
  readonly oneWay: boolean;
  readonly download: boolean;
  readonly onOutcome: OnOutcome;
}

/** Checks files against the list of hashes in `sumFile`, which may be on a remote too. */
export async function checkSumFile(context: CommandContext, request: SumFileCheck): Promise<void> {
  const { session } = context;
  const { location: at, file } = await openTarget(context, request.spec);
  const { type, download } = request;
  if (!download && !at.remote.features.hashes.includes(type)) {
    throw new Failure('unsupported', `${type}: hash type is not supported by ${placeName(at)}: try --download`);
  }
  const sums = await readSums(context, request.sumFile);
  await checkSums(session, { ...request, at, file, sums, hash: hasher(session, at, type, download) });
}

async function readSums(context: CommandContext, spec: string): Promise<Sums> {
  const { location, file } = await findTarget(context, spec);
  if (!file) throw new Failure('usage', `not a sum file: ${spec}`, { path: spec });
  const path = joinPath(location.path, file.path);
  const bytes = await collect(location.remote.read(path, undefined, { signal: context.session.signal }));
  return parseSums(bytes, spec, context.log);
}
