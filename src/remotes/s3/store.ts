import { Failure } from '../../core/failure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { splitFirst } from '../../core/path.ts';
import type { Report } from '../../core/report.ts';
import type { PathEncoder } from '../../formats/rclone-encoder.ts';
import type { S3Api } from './api.ts';
import type { Buckets } from './buckets.ts';
import type { StoreHeaders } from './headers.ts';
import type { ListedObject } from './listing.ts';
import type { S3Options } from './options.ts';
import type { Dialect } from './providers.ts';

/** What every operation on an open S3 remote works with. */
export interface Store {
  readonly label: string;
  readonly api: S3Api;
  readonly buckets: Buckets;
  readonly headers: StoreHeaders;
  readonly dialect: Dialect;
  readonly encoder: PathEncoder;
  readonly options: S3Options;
  readonly report: Report;
  /** False where the store encrypts with a key of ours or of its key service: ETags are then no MD5s. */
  readonly etagIsMd5: boolean;
  readonly usesServerTimes: boolean;
}

/** A place in the store, as the store spells it. */
export interface Target {
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

/** An object that is there, or an old version of it. */
export interface Place extends Target {
  /** Says which version is meant, in every request about it; absent for the one that stands there. */
  readonly query?: { readonly versionId: string };
}

/** Where a listed object, or version of one, stands. */
export function placeOf(bucket: string, { key, versionId }: ListedObject): Place {
  return versionId === undefined ? { bucket, key } : { bucket, key, query: { versionId } };
}

export function targetOf({ encoder }: Pick<Store, 'encoder'>, path: string): Target {
  const [bucket, key] = splitFirst(encoder.toStore(path));
  return { bucket, key };
}

/** The place of a file to be made. Throws Failure('usage') for a bucket. */
export function fileTarget(store: Pick<Store, 'encoder'>, path: string): Target {
  const target = targetOf(store, path);
  if (target.key !== '') return target;
  throw new Failure('usage', `cannot write ${path || 'a file'}: a file needs a bucket before its name`, { path });
}

// AWS stops here, and the others follow.
const longestKey = 1024;

/** Throws Failure('too-large') for a name that no store takes. */
export function requireShort({ key }: Target, path: string): void {
  const { length } = nameToBytes(key);
  if (length <= longestKey) return;
  throw new Failure('too-large', `${path}: the name has ${length} bytes, the store takes ${longestKey}`, { path });
}

/** The place of a file that should be there. Throws Failure('is-folder') for a bucket. */
export function existingFile(store: Pick<Store, 'encoder'>, path: string): Target {
  const target = targetOf(store, path);
  if (target.key !== '') return target;
  throw new Failure('is-folder', path === '' ? 'the root is not a file' : `${path} is a bucket, not a file`, { path });
}
