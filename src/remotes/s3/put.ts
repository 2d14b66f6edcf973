import { createHash, hash } from 'node:crypto';
import { Failure, messageOf } from '../../core/failure.ts';
import type { HttpResponse, StreamedBody } from '../http/client.ts';
import { goneMeanwhile } from '../http/tag.ts';
import type { S3Request, Task } from './api.ts';
import { headObject, hidesMd5, md5Metadata, md5Of, md5OfEtag, sizeIn, unquote } from './object.ts';
import type { Store, Target } from './store.ts';

type Headers = Readonly<Record<string, string>>;

/** What the store says of bytes that it took. */
export interface Stored {
  /** Without quotes. */
  readonly etag: string;
  /** Of what was sent. */
  readonly md5: Buffer;
  /** False where the store tells that its ETags are none. */
  readonly etagIsMd5: boolean;
  /** The store has said that it holds the bytes with this MD5. */
  readonly isProven: boolean;
}

/** Stores an object from bytes at hand. The store refuses them unless their MD5 is right. */
export function putBytes(
  store: Store,
  target: Target,
  data: Uint8Array,
  metadata: Headers,
  task: Task,
): Promise<Stored> {
  const md5 = hash('md5', data, 'buffer');
  const keepMd5 = !store.etagIsMd5 && !store.options.disable_checksum;
  const headers = { ...store.headers.create, ...metadata, ...(keepMd5 && md5Metadata(md5)) };
  return store.buckets.within(target.bucket, task, () =>
    sendBytes(store, { method: 'PUT', ...target, headers, body: data }, md5, task, store.etagIsMd5),
  );
}

/** What was sent, and whether the store has proven to hold it. */
export interface Sent {
  readonly size: number;
  /** Lower-case hex; absent where it went up in parts. */
  readonly md5?: string;
  readonly isProven: boolean;
}

/** Looks whether the store holds what was sent where it has not proven that, unless the user forbids it.
 *  Throws Failure('corrupt'). */
export async function confirm(store: Store, target: Target, { isProven, size, md5 }: Sent, task: Task): Promise<void> {
  if (isProven || store.options.no_head) return;
  const found = await lookUp(store, target, task);
  const stored = sizeIn(found);
  const storedMd5 = md5Of(found, store.etagIsMd5);
  const isOther = md5 !== undefined && storedMd5 !== null && storedMd5 !== md5;
  if (!isOther && (stored === size || stored < 0)) return;
  throw otherThanSent(isOther ? 'other bytes than were sent' : `${stored} bytes, not the ${size} that were sent`, task);
}

/** The store has taken an object and shows `what` in its place. */
export function otherThanSent(what: string, { doing, path }: Task): Failure {
  const message = `cannot ${doing} ${path}: the store holds ${what}: others may have stored it at the same time`;
  return new Failure('corrupt', message, { path, retryable: true });
}

/** An object that was stored just now. */
export async function lookUp(store: Store, target: Target, { path, signal }: Task): Promise<Headers> {
  try {
    return await headObject(store, target, path, signal);
  } catch (error) {
    throw goneMeanwhile(error);
  }
}

/** Stores an object from a stream that can be read again. Damage on the way shows only in the answer: the object is
 *  sent again then, and removed when that does not help. */
export async function putStream(
  store: Store,
  target: Target,
  body: StreamedBody,
  metadata: Headers,
  task: Task,
): Promise<Stored> {
  // A store that does not know the bucket would cut the stream off before its answer could be read.
  await store.buckets.prepare(target.bucket, task);
  const headers = { ...store.headers.create, ...metadata };
  let isDamaged = false;
  const onDamage = () => {
    isDamaged = true;
  };
  try {
    const checks = { etagIsMd5: store.etagIsMd5, onDamage };
    return await store.buckets.within(target.bucket, task, () =>
      sendStream(store, { method: 'PUT', ...target, headers }, body, task, checks),
    );
  } catch (error) {
    if (isDamaged) await removeDamaged(store, target, task.path);
    throw error;
  }
}

/** One request with bytes at hand, with retries. */
export function sendBytes(
  store: Store,
  request: S3Request & { readonly body: Uint8Array },
  md5: Buffer,
  task: Task,
  etagIsMd5: boolean,
): Promise<Stored> {
  const headers = { ...request.headers, 'content-md5': md5.toString('base64') };
  return store.api.retry(task, async () => {
    const response = await store.api.attempt({ ...request, headers }, task);
    const stored = await checked(response, md5, task, { etagIsMd5 });
    // What answers as a store has compared the MD5 itself. Swift gives no ETag when a later writer won.
    return { ...stored, isProven: stored.isProven || response.headers['x-amz-request-id'] !== undefined };
  });
}

interface Checks {
  /** The answer's ETag is the MD5 of the body. */
  readonly etagIsMd5: boolean;
  /** Called when the store holds other bytes than were sent. */
  onDamage?(): void;
}

/** One request whose body is read from a source, anew with each retry. */
export function sendStream(
  store: Store,
  request: S3Request,
  body: StreamedBody,
  task: Task,
  checks: Checks,
): Promise<Stored> {
  return store.api.retry(task, async () => {
    const md5 = createHash('md5');
    const onPiece = (piece: Uint8Array) => void md5.update(piece);
    const response = await store.api.attempt({ ...request, body: { ...body, onPiece } }, task);
    return checked(response, md5.digest(), task, checks);
  });
}

async function checked(response: HttpResponse, md5: Buffer, task: Task, checks: Checks): Promise<Stored> {
  await response.discard();
  const etag = unquote(response.headers.etag ?? '');
  const etagIsMd5 = checks.etagIsMd5 && !hidesMd5(response.headers);
  const stored = md5OfEtag(etag, etagIsMd5);
  if (stored === null || stored === md5.toString('hex')) return { etag, md5, etagIsMd5, isProven: stored !== null };
  checks.onDamage?.();
  throw new Failure('transient', `cannot ${task.doing} ${task.path}: it was damaged on the way`, { path: task.path });
}

async function removeDamaged(store: Store, target: Target, path: string): Promise<void> {
  const task = { doing: 'remove the damaged', path };
  try {
    await store.api.headers({ method: 'DELETE', ...target, headers: store.headers.every }, task);
  } catch (error) {
    store.report.error(path, `a damaged copy is left in the store: ${messageOf(error)}`);
  }
}
