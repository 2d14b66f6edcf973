import type { BucketControl } from '../../core/access.ts';
import { Failure } from '../../core/failure.ts';
import { placeName } from '../../transfer/place.ts';
import type { CommandContext } from '../command.ts';

/** A bucket as the Allas tools take it, too: without a remote it is in `allas:`, as the login calls that. */
export function withRemote(name: string): string {
  return name.includes(':') ? name : `allas:${name}`;
}

/** The bucket that `spec` names, or that the layer which it names lies in. Throws Failure('usage') for a folder in a
 *  bucket: rules are of whole buckets. */
export async function openBucket(context: Pick<CommandContext, 'location'>, spec: string): Promise<BucketControl> {
  const at = await context.location(spec);
  const { remote, path } = at;
  if (!remote.access) {
    throw new Failure('unsupported', `${placeName(at)} is not a bucket on Swift or S3`);
  }
  const control = remote.access(path);
  if (control.location.remote === remote && control.location.path !== path) {
    throw new Failure('usage', `access is given to whole buckets: name ${placeName(control.location)} alone`);
  }
  return control;
}
