import type { Range } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { requireTag } from '../http/tag.ts';
import type { Task } from './api.ts';
import { assemble, type Upload, type UploadedPart } from './multipart.ts';
import { entryOf, headObject, keptMetadata, md5Of, md5OfEtag, sizeIn, unquote } from './object.ts';
import { confirm } from './put.ts';
import { uriEncode, uriEncodePath } from './sigv4.ts';
import { existingFile, fileTarget, type Place, type Store, type Target } from './store.ts';
import { textOf } from './xml.ts';

type Headers = Readonly<Record<string, string>>;

/** Copies an object inside the store, with its metadata. */
export async function copyFile(
  store: Store,
  from: string,
  to: string,
  call: Call | undefined,
  source: Place = existingFile(store, from),
): Promise<FileEntry> {
  const target = fileTarget(store, to);
  const found = await headObject(store, source, from, call?.signal);
  await copyObject(
    store,
    { source, found, target, metadata: null },
    { doing: 'copy', path: from, signal: call?.signal, onSending: call?.onSending },
  );
  // The copy has an ETag of its own.
  const { hashes: _, tag: __, ...entry } = entryOf(store, to, found, call);
  return entry;
}

/** Changes some of an object's metadata, by a copy of the object onto itself: S3 has no other way. */
export async function changeMetadata(
  store: Store,
  path: string,
  doing: string,
  change: (kept: Headers) => Headers,
  call: Call | undefined,
): Promise<void> {
  const target = existingFile(store, path);
  for (let tries = 1; ; tries++) {
    const found = await headObject(store, target, path, call?.signal);
    const metadata = change(keptMetadata(found));
    try {
      return await copyObject(
        store,
        { source: target, found, target, metadata },
        { doing, path, signal: call?.signal },
      );
    } catch (error) {
      // Another has put an object there since the look.
      if (!isFailure(error, 'changed', 'corrupt') || tries === mostLooks) throw error;
    }
  }
}

const mostLooks = 5;

/** An object that something is copied from. */
interface CopySource {
  readonly source: Place;
  /** Its headers. */
  readonly found: Headers;
}

/** A part of it. */
interface CopiedRange extends CopySource {
  readonly range: Required<Range>;
  /** Of the first part that is made of it. */
  readonly firstNumber: number;
}

interface Copy extends CopySource {
  readonly target: Target;
  /** Instead of the source's; null keeps that. */
  readonly metadata: Headers | null;
}

/** Throws Failure('changed'), retryable, for a source that is another object by now. */
async function copyObject(store: Store, copy: Copy, task: Task): Promise<void> {
  try {
    await copyKnown(store, copy, task);
  } catch (error) {
    if (!isFailure(error, 'changed')) throw error;
    throw new Failure('changed', error.message, { path: task.path, cause: error, retryable: true });
  }
}

async function copyKnown(store: Store, copy: Copy, task: Task): Promise<void> {
  const { found, target, metadata } = copy;
  if (Number(found['content-length']) >= store.options.copy_cutoff) return copyInParts(store, copy, task);
  const headers = {
    ...store.headers.copy,
    ...sourceHeaders(copy),
    'x-amz-metadata-directive': metadata ? 'REPLACE' : 'COPY',
    ...metadata,
  };
  const copied = await store.buckets.within(target.bucket, task, () =>
    store.api.document({ method: 'PUT', ...target, headers }, task),
  );
  const md5 = md5Of(found, store.etagIsMd5);
  if (md5 === null || md5OfEtag(textOf(copied, 'ETag'), true) === md5) return;
  // Who answers somebody else has not copied this; who encrypts the copy with another key gives it another ETag.
  await confirm(store, target, { isProven: false, size: sizeIn(found), md5 }, task);
}

async function copyInParts(store: Store, copy: Copy, task: Task): Promise<void> {
  const { source, found, target, metadata } = copy;
  const size = Number(found['content-length']);
  const all = { source, found, range: { start: 0, end: size }, firstNumber: 1 };
  const headers = { ...store.headers.create, ...(metadata ?? keptMetadata(found)) };
  const { isProven } = await assemble(store, target, headers, task, (upload, done) =>
    copyParts(store, upload, all, done, task),
  );
  await confirm(store, target, { isProven, size }, task);
}

/** Makes parts of a range of an object, on the store's side. Throws Failure('changed') for an object that is another one by
 *  now, Failure('unsupported') for a key with a percent sign: radosgw 16 decodes it once too often, so that of a%2Fb it would
 *  copy a/b, and does not heed the condition either. */
export async function copyParts(
  store: Store,
  upload: Upload,
  from: CopiedRange,
  done: (part: UploadedPart) => void,
  task: Task,
): Promise<void> {
  if (from.source.key.includes('%')) {
    throw new Failure('unsupported', `${task.path}: a key with a percent sign is not copied in parts`, {
      path: task.path,
    });
  }
  const { copy_cutoff: partSize, upload_concurrency: atOnce } = store.options;
  await forEachParallel(partRanges(from, partSize), atOnce, task.signal, async (part, signal) =>
    done(await copyPart(store, upload, from, part, { ...task, signal })),
  );
  const { etag } = await headObject(store, from.source, task.path, task.signal);
  requireTag(etag, from.found.etag, task.path);
}

async function copyPart(
  store: Store,
  upload: Upload,
  from: CopySource,
  { number, start, end }: { readonly number: number } & Required<Range>,
  task: Task,
): Promise<UploadedPart> {
  const headers = {
    ...store.headers.copyPart,
    ...sourceHeaders(from),
    'x-amz-copy-source-range': `bytes=${start}-${end - 1}`,
  };
  const query = { partNumber: String(number), uploadId: upload.id };
  const copied = await store.api.document({ method: 'PUT', ...upload.target, query, headers }, task);
  return { number, size: end - start, etag: unquote(textOf(copied, 'ETag')), md5: null };
}

function* partRanges({ range, firstNumber }: CopiedRange, partSize: number) {
  for (let { start } = range, number = firstNumber; start < range.end; start += partSize, number++) {
    yield { number, start, end: Math.min(range.end, start + partSize) };
  }
}

/** What was looked at is what is copied. Swift does not know the ETag again that it shows of an object in parts. */
function hasCondition({ found }: CopySource): boolean {
  return md5OfEtag(found.etag ?? '', true) !== null;
}

function sourceHeaders(from: CopySource): Headers {
  const { source, found } = from;
  const version = source.query ? `?versionId=${uriEncode(source.query.versionId)}` : '';
  return {
    'x-amz-copy-source': `/${uriEncode(source.bucket)}/${uriEncodePath(source.key)}${version}`,
    ...(hasCondition(from) && { 'x-amz-copy-source-if-match': found.etag ?? '' }),
  };
}
