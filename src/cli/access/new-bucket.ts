import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Environment } from '../../config/environment.ts';
import type { AccessChange, BucketControl } from '../../core/access.ts';
import { collect, sourceOf } from '../../core/bytes.ts';
import type { Entry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { joinPath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
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

/** Makes a bucket, shares it and puts the key there. The bucket may be there already, empty or with the key, as an earlier
 *  try leaves it. Throws Failure('exists') for one that holds anything else: that would be shared too. */
export async function makeSharedBucket(
  control: BucketControl,
  change: AccessChange,
  key: KeyToPublish | null,
  call: Call,
): Promise<void> {
  const { remote, path } = control.location;
  await refuseFilled(control, key, call);
  await remote.makeDir(path, call);
  await control.change(change, call);
  const complaints = shortfalls(change, await control.read(call));
  if (complaints.length > 0) throw new Failure('denied', `${placeName(control.location)}: ${complaints.join('; ')}`);
  if (key) await remote.write(joinPath(path, key.name), sourceOf(key.bytes), {}, call);
}

async function refuseFilled({ location }: BucketControl, key: KeyToPublish | null, call: Call): Promise<void> {
  const { remote, path } = location;
  try {
    for await (const page of remote.list(path, call)) {
      if (await isAllOf(page, key, location, call)) continue;
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

/** Whether what was listed is nothing but the key. */
async function isAllOf(
  page: readonly Entry[],
  key: KeyToPublish | null,
  { remote, path }: Location,
  call: Call,
): Promise<boolean> {
  const [entry, ...more] = page;
  if (entry === undefined) return true;
  if (!key || more.length > 0 || entry.path !== joinPath(path, key.name)) return false;
  if (entry.kind !== 'file' || entry.size !== key.bytes.length) return false;
  return Buffer.compare(await collect(remote.read(entry.path, undefined, call)), key.bytes) === 0;
}
