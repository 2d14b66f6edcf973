import type { BucketAccess } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { baseName } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import type { CommandContext } from '../command.ts';

/** A bucket of the user's own, and who else may reach it: the own project is left out. */
export interface OwnBucket {
  readonly name: string;
  /** Null where the store does not tell. */
  readonly access: BucketAccess | null;
}

/** The buckets of a remote, by name. Those for segments of large objects are left out beside their own. */
export async function ownBuckets(
  { remote }: Location,
  { session }: Pick<CommandContext, 'session'>,
): Promise<OwnBucket[]> {
  if (!remote.access) throw new Failure('unsupported', `${remote.label} has no buckets`);
  const call = { signal: session.signal };
  const names = await namesOf(remote, call);
  const found: OwnBucket[] = [];
  await forEachParallel(names, session.options.checkers, session.signal, async (name, signal) => {
    found.push({ name, access: await accessOf(remote, name, { signal }) });
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function namesOf(remote: Location['remote'], call: Call): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const page of remote.list('', call)) for (const { path } of page) names.add(baseName(path));
  return [...names].filter((name) => !name.endsWith('_segments') || !names.has(name.slice(0, -'_segments'.length)));
}

/** One bucket that cannot be asked does not hide the others. */
async function accessOf(remote: Location['remote'], name: string, call: Call): Promise<BucketAccess | null> {
  try {
    const control = remote.access?.(name);
    if (!control) return null;
    const [access, self] = await Promise.all([control.read(call), control.self(call)]);
    return { ...access, grants: access.grants.filter(({ who }) => who !== self) };
  } catch (error) {
    if (call.signal?.aborted || !(error instanceof Failure)) throw error;
    return null;
  }
}
