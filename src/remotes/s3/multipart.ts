import { createHash, hash } from 'node:crypto';
import { throwIfCancelled } from '../../core/cancel.ts';
import { Failure, isAbsence, isFailure, messageOf } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { goneMeanwhile } from '../http/tag.ts';
import type { Task } from './api.ts';
import { namespace } from './buckets.ts';
import { headObject, unquote } from './object.ts';
import type { Part } from './parts.ts';
import { lookUp, otherThanSent, type Stored, sendBytes, sendStream } from './put.ts';
import type { Store, Target } from './store.ts';
import { escapeXml, textOf } from './xml.ts';

type Headers = Readonly<Record<string, string>>;

/** An object that is being put together from parts. */
export interface Upload {
  readonly target: Target;
  readonly id: string;
}

export interface UploadedPart {
  readonly number: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Null where the store made the part itself, or its ETag is another. */
  readonly md5: Buffer | null;
}

/** Stores an object in parts that go up side by side, `headers` on the object. Resolves with its ETag and size.
 *  A failure, or the task's signal, takes back what went up. */
export async function putParts(
  store: Store,
  target: Target,
  parts: Iterable<Part> | AsyncIterable<Part>,
  headers: Headers,
  task: Task,
): Promise<{ etag: string; size: number; isProven: boolean }> {
  return assemble(store, target, headers, task, (upload, done) =>
    forEachParallel(parts, store.options.upload_concurrency, task.signal, async (part, signal) => {
      done(await uploadPart(store, upload, part, { ...task, signal }));
    }),
  );
}

/** Sends one part. */
export async function uploadPart(store: Store, upload: Upload, part: Part, task: Task): Promise<UploadedPart> {
  const { etag, md5, etagIsMd5 } = await sendPart(store, upload, part, task);
  return { number: part.number, size: part.body.length, etag, md5: etagIsMd5 ? md5 : null };
}

/** Begins an upload, lets `fill` make its parts, and completes it; aborts it when something fails. */
export async function assemble(
  store: Store,
  target: Target,
  headers: Headers,
  task: Task,
  fill: (upload: Upload, done: (part: UploadedPart) => void) => Promise<void>,
): Promise<{ etag: string; size: number; isProven: boolean }> {
  const upload = await begin(store, target, headers, task);
  const parts: UploadedPart[] = [];
  try {
    throwIfCancelled(task.signal, task.path);
    await fill(upload, (part) => parts.push(part));
    parts.sort((a, b) => a.number - b.number);
    return await complete(store, upload, parts, task);
  } catch (error) {
    if (!store.options.leave_parts_on_error) await abort(store, upload, task.path);
    throw goneMeanwhile(error);
  }
}

/** Cancelled, it still waits a moment for the answer: an upload whose id nobody got would stay in the store. */
async function begin(store: Store, target: Target, headers: Headers, task: Task): Promise<Upload> {
  const late = new AbortController();
  const onAbort = () => void setTimeout(() => late.abort(task.signal?.reason), patience).unref();
  task.signal?.addEventListener('abort', onAbort);
  try {
    const request = { method: 'POST', ...target, query: { uploads: '' }, headers } as const;
    const created = await store.buckets.within(target.bucket, task, () =>
      store.api.retry(task, () => store.api.attemptDocument(request, { ...task, signal: late.signal })),
    );
    const id = textOf(created, 'UploadId');
    if (id !== '') return { target, id };
    throw new Failure('corrupt', `cannot ${task.doing} ${task.path}: the store gave no upload id`, { path: task.path });
  } finally {
    task.signal?.removeEventListener('abort', onAbort);
  }
}

// Milliseconds.
const patience = 5_000;

function sendPart(store: Store, { target, id }: Upload, part: Part, task: Task): Promise<Stored> {
  const { content: headers } = store.headers;
  const query = { partNumber: String(part.number), uploadId: id };
  const request = { method: 'PUT', ...target, query, headers } as const;
  const etagIsMd5 = store.etagIsMd5 && store.dialect.partEtags;
  if (!(part.body instanceof Uint8Array)) return sendStream(store, request, part.body, task, { etagIsMd5 });
  return sendBytes(store, { ...request, body: part.body }, hash('md5', part.body, 'buffer'), task, etagIsMd5);
}

async function complete(store: Store, upload: Upload, parts: readonly UploadedPart[], task: Task) {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const expected = store.etagIsMd5 && store.dialect.multipartEtags ? etagOfParts(parts) : null;
  let etag = '';
  try {
    etag = await requestCompletion(store, upload, parts, task);
  } catch (error) {
    // When the answer to an earlier try was lost, the upload is gone because it is complete.
    if (!isFailure(error, 'not-found')) throw error;
    const found = await headObject(store, upload.target, task.path, task.signal);
    if (!isWhole(found, size, expected)) throw error;
    return { etag: unquote(found.etag ?? ''), size, isProven: true };
  }
  if (expected === null || etag === expected) return { etag, size, isProven: expected !== null };
  // radosgw completes without naming the ETag.
  const found = etag === '' ? await lookUp(store, upload.target, task) : { etag };
  if (isWhole(found, size, expected)) return { etag: expected, size, isProven: true };
  throw otherThanSent('something else than its parts make', task);
}

function isWhole(found: Headers, size: number, expected: string | null): boolean {
  return expected === null ? Number(found['content-length']) === size : unquote(found.etag ?? '') === expected;
}

async function requestCompletion(
  store: Store,
  { target, id }: Upload,
  parts: readonly UploadedPart[],
  task: Task,
): Promise<string> {
  const list = parts.map(
    ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${escapeXml(etag)}&quot;</ETag></Part>`,
  );
  const body = Buffer.from(`<CompleteMultipartUpload xmlns="${namespace}">${list.join('')}</CompleteMultipartUpload>`);
  const headers = { ...store.headers.every, 'content-type': 'application/xml' };
  const request = { method: 'POST', ...target, query: { uploadId: id }, headers, body } as const;
  return unquote(textOf(await store.api.document(request, task), 'ETag'));
}

/** AWS's way: the MD5 of the parts' MD5s, a dash and their number. Null where a part's MD5 is not known. */
function etagOfParts(parts: readonly UploadedPart[]): string | null {
  const all = createHash('md5');
  for (const { md5 } of parts) {
    if (md5 === null) return null;
    all.update(md5);
  }
  return `${all.digest('hex')}-${parts.length}`;
}

// Without the caller's signal: what was cancelled must still be taken back.
async function abort(store: Store, { target, id }: Upload, path: string): Promise<void> {
  const task = { doing: 'take back the parts of', path };
  const request = { method: 'DELETE', ...target, query: { uploadId: id }, headers: store.headers.every } as const;
  try {
    await store.api.headers(request, task);
  } catch (error) {
    if (isAbsence(error)) return;
    store.report.error(path, `parts of a failed upload are left in the store: ${messageOf(error)}`);
  }
}
