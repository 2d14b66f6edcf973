import { hash } from 'node:crypto';
import { Failure, isFailure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import type { Task } from './api.ts';
import { namespace } from './buckets.ts';
import { failureOf, faultInside } from './faults.ts';
import { type ListedObject, listKeys } from './listing.ts';
import { headObject } from './object.ts';
import { existingFile, type Place, placeOf, type Store, type Target, targetOf } from './store.ts';
import { childrenOf, escapeXml, textOf } from './xml.ts';

/** Removes a file. S3 calls the removal of nothing a success, so the file is looked at first, unless the caller has done so. */
export async function removeFile(
  store: Store,
  path: string,
  call: Call | undefined,
  place: Place = existingFile(store, path),
): Promise<void> {
  if (!call?.isSeen) await headObject(store, place, path, call?.signal);
  await removeObject(store, place, { doing: 'remove', path, signal: call?.signal });
}

/** Removes a bucket, or what marks an empty folder. Without `directory_markers` folders are only prefixes, and those that are
 *  not empty or not there nothing to complain of, as in rclone; but somebody may have marked one. */
export async function removeFolder(store: Store, path: string, call: Call | undefined): Promise<void> {
  const { bucket, key } = targetOf(store, path);
  if (bucket === '') return;
  const task = { doing: 'remove the folder', path, signal: call?.signal };
  if (key === '') return store.buckets.remove(bucket, task);
  const removal = removeMarker(store, { bucket, key: `${key}/` }, task);
  if (store.options.directory_markers) return removal;
  await removal.catch((error: unknown) => {
    if (!isFailure(error, 'not-empty', 'folder-not-found')) throw error;
  });
}

async function removeMarker(store: Store, marker: Target, task: Task): Promise<void> {
  const { path } = task;
  let isMarked = false;
  for await (const { objects } of listKeys(store, { ...marker, isFlat: false, pageSize: 2 }, task)) {
    if (objects.some((object) => object.key !== marker.key)) {
      throw new Failure('not-empty', `cannot remove the folder ${path}: it is not empty`, { path });
    }
    isMarked ||= objects.length > 0;
  }
  if (!isMarked) throw new Failure('folder-not-found', `there is no folder ${path}`, { path });
  await removeObject(store, marker, task);
}

/** Removes everything below a folder, many objects a request, and the bucket if it is one. As in rclone, old versions go too. */
export async function purgeFolder(store: Store, dir: string, call: Call | undefined): Promise<void> {
  const { bucket, key } = targetOf(store, dir);
  const task = { doing: 'purge', path: dir, signal: call?.signal };
  if (bucket === '') throw new Failure('usage', `cannot purge ${store.label}: name a bucket`);
  const query = { bucket, key: key && `${key}/`, isFlat: false, pageSize: store.options.list_chunk };
  const { pagesToPurge } = await import('./versions/purge.ts');
  const pages = await pagesToPurge(store, bucket, task);
  for await (const { objects } of pages(store, query, task)) {
    await forEachParallel(batches(objects), batchesAtOnce, task.signal, (batch, signal) =>
      removeMany(store, bucket, batch, { ...task, signal }),
    );
  }
  if (key === '') await store.buckets.remove(bucket, task);
}

// S3 takes a thousand, but Swift needs up to 20 ms for each: a request must be answered within --timeout.
const keysInBatch = 100;
const batchesAtOnce = 4;
// No XML 1.0 document can name these, not even by reference.
const unspeakable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

async function removeObject(store: Store, place: Place, task: Task): Promise<void> {
  await store.api.headers({ method: 'DELETE', ...place, headers: store.headers.every }, task);
}

function* batches(objects: readonly ListedObject[]): Generator<readonly ListedObject[]> {
  for (let start = 0; start < objects.length; start += keysInBatch) yield objects.slice(start, start + keysInBatch);
}

async function removeMany(store: Store, bucket: string, all: readonly ListedObject[], task: Task): Promise<void> {
  const objects: ListedObject[] = [];
  for (const object of all) {
    if (unspeakable.test(object.key)) await removeObject(store, placeOf(bucket, object), task);
    else objects.push(object);
  }
  if (objects.length === 0) return;
  const body = Buffer.from(
    `<Delete xmlns="${namespace}"><Quiet>true</Quiet>${objects.map(elementOf).join('')}</Delete>`,
  );
  const headers = {
    ...store.headers.every,
    'content-type': 'application/xml',
    'content-md5': hash('md5', body, 'base64'),
  };
  const answer = await store.api.document({ method: 'POST', bucket, query: { delete: '' }, headers, body }, task);
  const [failed] = childrenOf(answer, 'Error');
  if (!failed) return;
  const fault = faultInside(failed);
  if (fault) throw failureOf(fault, task.doing, `${bucket}/${textOf(failed, 'Key')}`);
}

function elementOf({ key, versionId }: ListedObject): string {
  const version = versionId === undefined ? '' : `<VersionId>${escapeXml(versionId)}</VersionId>`;
  return `<Object><Key>${escapeXml(key)}</Key>${version}</Object>`;
}
