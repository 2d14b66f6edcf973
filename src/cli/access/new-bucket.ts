import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Environment } from '../../config/environment.ts';
import type { AccessChange, BucketControl } from '../../core/access.ts';
import { sourceOf } from '../../core/bytes.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call } from '../../core/remote.ts';
import { expandHome } from '../../core/user.ts';
import { readPublicKeyFile } from '../../remotes/crypt4gh/key-files.ts';
import { shortfalls } from '../../sharing/access/shortfalls.ts';
import { placeName } from '../../transfer/place.ts';

/** A public key that is to lie in a bucket. */
export interface KeyToPublish {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Throws Failure naming the file when it is no public key: a secret one must never get there. */
export async function keyToPublish(path: string, environment: Environment): Promise<KeyToPublish> {
  await readPublicKeyFile(path, environment);
  const file = expandHome(path, environment);
  return { name: basename(file), bytes: readFileSync(file) };
}

/** Makes a bucket, shares it and puts the key there. An empty bucket may be there already, as an earlier try leaves it.
 *  Throws Failure('exists') for one that holds anything: that would be shared too. */
export async function makeSharedBucket(
  control: BucketControl,
  change: AccessChange,
  key: KeyToPublish | null,
  call: Call,
): Promise<void> {
  const { remote, path } = control.location;
  await refuseFilled(control, call);
  await remote.makeDir(path, call);
  await control.change(change, call);
  const complaints = shortfalls(change, await control.read(call));
  if (complaints.length > 0) throw new Failure('denied', `${placeName(control.location)}: ${complaints.join('; ')}`);
  if (key) await remote.write(joinPath(path, key.name), sourceOf(key.bytes), { isNew: true }, call);
}

async function refuseFilled({ location }: BucketControl, call: Call): Promise<void> {
  const { remote, path } = location;
  try {
    for await (const page of remote.list(path, call)) {
      if (page.length === 0) continue;
      throw new Failure(
        'exists',
        `${placeName(location)} is there and not empty: share it as it is with \`coffer access\`, or choose another name`,
      );
    }
  } catch (error) {
    if (isFailure(error, 'folder-not-found')) return;
    if (!isFailure(error, 'denied')) throw error;
    throw new Failure('exists', `${placeName(location)} is somebody else's bucket: choose another name`, {
      cause: error,
    });
  }
}
