import { Failure, isFailure, messageOf, unlessAbsent } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import type { Task } from './api.ts';
import { type Store, type Target, targetOf } from './store.ts';
import { childrenOf, textOf, type XmlElement } from './xml.ts';

/** An upload of parts that was begun, and neither completed nor aborted. */
interface PendingUpload extends Target {
  readonly id: string;
  /** As the store says it: `2026-01-31T12:00:00.000Z`. */
  readonly begun: string;
}

/** Aborts uploads to `dir` and below it that began more than `age` milliseconds ago; at the root, in all buckets. A failure is
 *  reported, the others go on, and the last one is thrown. */
export async function cleanUp(store: Store, dir: string, age: number, call: Call | undefined): Promise<void> {
  const task = { doing: 'clean up', path: dir || store.label, signal: call?.signal };
  const { bucket, key } = targetOf(store, dir);
  const buckets = bucket === '' ? (await store.buckets.list(task)).map(({ name }) => name) : [bucket];
  const newest = Date.now() - age;
  let failure: Failure | null = null;

  async function tolerantly(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isFailure(error) || error.kind === 'cancelled') throw error;
      store.report.error(path, messageOf(error));
      failure = error;
    }
  }

  for (const name of buckets) {
    await tolerantly(name, async () => {
      for (const upload of await pendingUploads(store, { bucket: name, key }, task)) {
        if (Date.parse(upload.begun) < newest) await tolerantly(upload.key, () => abort(store, upload, task));
        else store.report.debug(upload.key, `ignoring the pending upload of ${upload.begun}`);
      }
    });
  }
  if (failure) throw failure;
}

async function abort(store: Store, { bucket, key, id, begun }: PendingUpload, task: Task): Promise<void> {
  const path = store.encoder.fromStore(`${bucket}/${key}`);
  const request = { method: 'DELETE', bucket, key, query: { uploadId: id }, headers: store.headers.every } as const;
  await unlessAbsent(store.api.headers(request, { ...task, doing: 'remove the pending upload of', path }));
  store.report.info(path, `removed the pending upload of ${begun}`);
}

/** Those to a key and below it, all in one: what is aborted while they are listed would shift the pages. */
async function pendingUploads(store: Store, { bucket, key }: Target, task: Task): Promise<PendingUpload[]> {
  const pageSize = String(store.options.list_chunk);
  const uploads: PendingUpload[] = [];
  let next: Readonly<Record<string, string>> | null = {};
  while (next) {
    const query = { uploads: '', 'max-uploads': pageSize, ...(key && { prefix: key }), ...next };
    const page: XmlElement = await store.api.document(
      { method: 'GET', bucket, query, headers: store.headers.every },
      task,
    );
    for (const element of childrenOf(page, 'Upload')) {
      const upload = {
        bucket,
        key: textOf(element, 'Key'),
        id: textOf(element, 'UploadId'),
        begun: textOf(element, 'Initiated'),
      };
      if (key === '' || upload.key === key || upload.key.startsWith(`${key}/`)) uploads.push(upload);
    }
    next = followingPage(page, next, task);
  }
  return uploads;
}

function followingPage(page: XmlElement, last: Readonly<Record<string, string>>, { path }: Task) {
  if (textOf(page, 'IsTruncated') !== 'true') return null;
  const next = { 'key-marker': textOf(page, 'NextKeyMarker'), 'upload-id-marker': textOf(page, 'NextUploadIdMarker') };
  const isRepeated = next['key-marker'] === last['key-marker'] && next['upload-id-marker'] === last['upload-id-marker'];
  if (isRepeated || next['key-marker'] === '')
    throw new Failure('corrupt', `cannot clean up ${path}: the store repeats its pages for ever`);
  return next;
}
