import { readDate } from '../../core/date.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { type Failure, isFailure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import { goneMeanwhile } from '../http/tag.ts';
import type { S3Api, Task } from './api.ts';
import type { StoreHeaders } from './headers.ts';
import type { S3Options } from './options.ts';
import { childrenOf, escapeXml, textOf } from './xml.ts';

export interface ListedBucket {
  /** As the store spells it. */
  readonly name: string;
  /** When it was made; null where the store does not say. */
  readonly created: Nanoseconds | null;
}

export interface Buckets {
  list(task: Task): Promise<readonly ListedBucket[]>;
  /** Makes the bucket unless it is there. */
  ensure(bucket: string, task: Task): Promise<void>;
  /** `ensure` ahead of an upload, once a bucket. Keys that may not look at buckets pass: the upload itself will tell. */
  prepare(bucket: string, task: Task): Promise<void>;
  /** Runs `work`, which puts something into the bucket; makes the bucket and runs it again where the bucket was missing.
   *  Throws Failure('transient') where it is missing then, too. */
  within<T>(bucket: string, task: Task, work: () => Promise<T>): Promise<T>;
  /** Throws Failure('not-empty') or Failure('folder-not-found'). */
  remove(bucket: string, task: Task): Promise<void>;
}

export function createBuckets(api: S3Api, headers: StoreHeaders, options: S3Options, report: Report): Buckets {
  /** Buckets that are there, or are being made. */
  const known = new Map<string, Promise<void>>();

  function ensure(bucket: string, task: Task): Promise<void> {
    if (options.no_check_bucket) return Promise.resolve();
    const begun = known.get(bucket);
    if (begun) return begun;
    const made = findOrMake(bucket, task).catch((failure: Failure) => {
      known.delete(bucket);
      throw failure;
    });
    known.set(bucket, made);
    return made;
  }

  async function findOrMake(bucket: string, task: Task): Promise<void> {
    if (await exists(bucket, task)) return;
    try {
      await make(bucket, task);
      report.info(bucket, 'made the bucket');
    } catch (error) {
      // Somebody else made it meanwhile, or an answer got lost on the way.
      if (isFailure(error, 'exists') && (await exists(bucket, task))) return;
      throw error;
    }
  }

  async function exists(bucket: string, task: Task): Promise<boolean> {
    try {
      await api.headers(
        { method: 'HEAD', bucket, headers: headers.every },
        { ...task, doing: 'look up', path: bucket },
      );
      return true;
    } catch (error) {
      if (isFailure(error, 'not-found', 'folder-not-found', 'denied')) return false;
      throw error;
    }
  }

  async function make(bucket: string, task: Task): Promise<void> {
    const place = options.location_constraint;
    const body =
      place &&
      Buffer.from(
        `<CreateBucketConfiguration xmlns="${namespace}"><LocationConstraint>${escapeXml(place)}</LocationConstraint></CreateBucketConfiguration>`,
      );
    await api.headers(
      { method: 'PUT', bucket, headers: headers.bucket, ...(body && { body }) },
      { ...task, doing: 'make the bucket', path: bucket },
    );
  }

  return {
    ensure,

    async prepare(bucket, task) {
      try {
        await ensure(bucket, task);
      } catch (error) {
        if (!isFailure(error, 'denied', 'exists')) throw error;
      }
    },

    async list(task) {
      const document = await api.document({ method: 'GET', bucket: '' }, task);
      return childrenOf(document, 'Buckets').flatMap((list) =>
        childrenOf(list, 'Bucket').map((bucket) => ({
          name: textOf(bucket, 'Name'),
          created: readDate(textOf(bucket, 'CreationDate')),
        })),
      );
    },

    async within(bucket, task, work) {
      const before = known.get(bucket);
      try {
        return await work();
      } catch (error) {
        if (!isFailure(error, 'folder-not-found') || options.no_check_bucket) throw error;
        // Others that missed it may be making it.
        if (known.get(bucket) === before) known.delete(bucket);
        await ensure(bucket, task);
        return work().catch((again: unknown) => {
          known.delete(bucket);
          throw isFailure(again, 'folder-not-found') ? goneMeanwhile(again) : again;
        });
      }
    },

    async remove(bucket, task) {
      known.delete(bucket);
      let accepted = {};
      await api.retry(task, async () => {
        const sent = api.attempt({ method: 'DELETE', bucket, headers: headers.every, ...accepted }, task);
        // A try whose answer was lost may have been carried out.
        accepted = { accepts: 404 };
        await (await sent).discard();
      });
    },
  };
}

/** Of the documents that S3 takes. */
export const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
