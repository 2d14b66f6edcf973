import { createHash } from 'node:crypto';
import type { Bytes, Source } from '../../core/bytes.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { withRetries } from '../http/retry.ts';
import { deleteOne } from './delete-all.ts';
import { attributesHeaders, type Headers, lookUp, mtimeHeader, tagIn } from './object.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

/** What stands after a PUT. */
export interface Stored {
  readonly size: number;
  readonly md5: string;
}

export interface Place {
  readonly target: Target;
  /** What messages call it. */
  readonly path: string;
}

/** The headers that a new file carries. */
export function fileHeaders({ modified, mimeType, attributes }: WriteInfo & { readonly mimeType: string }): Headers {
  return {
    'content-type': mimeType,
    ...(modified !== undefined && mtimeHeader(modified)),
    ...(attributes && attributesHeaders(attributes)),
  };
}

/** Stores bytes at hand. The store itself refuses what does not arrive whole: nothing wrong is ever visible. Of two that come
 *  at once, Swift answers the earlier with a 202 and keeps the later: it is sent again. */
export async function putBytes(
  store: Store,
  { target, path }: Place,
  body: Uint8Array,
  headers: Headers,
  call?: Call,
): Promise<Stored> {
  const md5 = createHash('md5').update(body).digest('hex');
  const { signal, onSending } = call ?? {};
  const request = { method: 'PUT', target, path, body, headers: { ...headers, etag: md5 }, signal, onSending };
  const attempt = async (): Promise<void> => {
    const response = await store.service.send({ ...request, isRetried: false });
    await response.discard();
    // The store has compared the MD5: whoever names another one answers somebody else.
    const tag = tagIn(response.headers);
    if (tag === undefined) await confirmed(store, { target, path }, { size: body.length, md5 }, call);
    else if (tag !== md5)
      throw new Failure('transient', `${path}: the store answers for other bytes than were sent`, { path });
  };
  await store.containers.within(target.container, signal, () =>
    withRetries(store.settings, store.report, path, attempt, signal),
  );
  return { size: body.length, md5 };
}

/** Stores part of a source while that is read, in a single try. `length` is null for a stream without a known end. What did
 *  not arrive as it was sent is removed again: Failure('corrupt'), retryable. */
export async function putStream(
  store: Store,
  { target, path }: Place,
  part: { readonly source: Source; readonly start?: number; readonly length: number | null },
  headers: Headers,
  call?: Call,
): Promise<Stored> {
  const { source, start, length } = part;
  const sent = measured(source);
  const response = await store.service.send({
    ...{ method: 'PUT', target, path, headers, signal: call?.signal, isRetried: false },
    body: {
      source: sent.source,
      length,
      ...(start !== undefined && length !== null && { range: { start, end: start + length } }),
    },
  });
  await response.discard();
  const stored = sent.measure();
  const tag = tagIn(response.headers);
  if (tag === stored.md5) return stored;
  if (tag === undefined) return confirmed(store, { target, path }, stored, call);
  await deleteOne(store, target, path);
  throw new Failure('corrupt', `${path}: did not arrive as it was sent and was removed again`, {
    path,
    retryable: true,
  });
}

/** Something on the way keeps the tag of the answer from us: what stands there now has to fit. It may be another's, and stays
 *  if it does not. */
async function confirmed(
  store: Store,
  { target, path }: Place,
  stored: Stored,
  call: Call | undefined,
): Promise<Stored> {
  try {
    const found = await lookUp(store, target, path, call);
    if (found && [-1, stored.size].includes(found.size) && [undefined, stored.md5].includes(found.etag)) return stored;
  } catch (error) {
    if (isFailure(error, 'denied')) return stored;
    throw error;
  }
  throw new Failure('corrupt', `${path}: the store does not hold what was sent`, { path, retryable: true });
}

/** A source that knows what it gave the last time it was opened: after a refused token a body is sent twice. */
function measured(source: Source): { readonly source: Source; measure(): Stored } {
  let hash = createHash('md5');
  let size = 0;
  async function* measure(bytes: Bytes): Bytes {
    for await (const piece of bytes) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  return {
    source: {
      ...source,
      open(range) {
        hash = createHash('md5');
        size = 0;
        return measure(source.open(range));
      },
    },
    measure: () => ({ size, md5: hash.digest('hex') }),
  };
}
