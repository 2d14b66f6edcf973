import type { Config } from '../../config/config.ts';
import type { ConfigDraft } from '../../config/draft.ts';
import { checkRemoteName } from '../../config/new-remote.ts';
import { parseRemoteSpec } from '../../config/remote-spec.ts';
import { Failure } from '../../core/failure.ts';
import { pinIn } from '../pin.ts';

/** A bucket of somebody else that this user was given access to. */
export interface KnownBucket {
  /** The remote that leads there. */
  readonly name: string;
  /** What that stands on, as it is written in the config. */
  readonly place: string;
}

// No protocol lists what others share. An alias with this key, which rclone passes over, is a bucket to be remembered.
const mark = 'shared_bucket';

/** The buckets that were added, and those of remotes that were joined. */
export function knownBuckets(config: Config): readonly KnownBucket[] {
  return config.sections().flatMap((name) => {
    const section = config.section(name);
    const place = section?.get('remote');
    return place && (section?.get(mark) === 'true' || pinIn(section) !== null) ? { name, place } : [];
  });
}

/** Writes an alias for the bucket, under its own name unless told another. Throws Failure('usage') for what names no
 *  bucket, Failure('exists') where the name is taken. */
export function addBucket(draft: ConfigDraft, place: string, name: string | undefined): KnownBucket {
  const bucket = bucketOf(place);
  const chosen = name ?? bucket;
  checkRemoteName(chosen);
  if (draft.section(chosen)) {
    throw new Failure('exists', `your config has a remote "${chosen}" already: give another name with --name`);
  }
  const values = { type: 'alias', remote: place, [mark]: 'true' };
  draft.set(chosen, new Map(Object.entries(values)));
  return { name: chosen, place };
}

/** Takes out what `addBucket` wrote. Throws Failure('usage') for any other remote. */
export function removeBucket(draft: ConfigDraft, name: string): void {
  if (draft.section(name)?.get(mark) !== 'true') {
    throw new Failure('usage', `"${name}" is not a bucket that was added here: \`coffer buckets\` lists them`);
  }
  draft.remove(name);
}

function bucketOf(place: string): string {
  const { name, path } = parseRemoteSpec(place);
  const bucket = path.split('/').find((segment) => segment !== '');
  if (name !== null && bucket !== undefined) return bucket;
  throw new Failure('usage', `"${place}" names no bucket: write it as allas:bucket`);
}
