import { pieceSize, type Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { formatSize } from '../../core/size.ts';
import { checkedBody, wholeBody } from '../http/request-body.ts';
import { typeByName } from '../mime-types.ts';
import type { Task } from './api.ts';
import { metadataHeaders } from './metadata.ts';
import { putParts } from './multipart.ts';
import { md5Metadata, metadataOf } from './object.ts';
import { cut, type Part, partSizeFor, rangedParts } from './parts.ts';
import { untilCancelled } from './pipe.ts';
import { confirm, putBytes, putStream, type Sent } from './put.ts';
import { fileTarget, type Store, type Target } from './store.ts';

type Headers = Readonly<Record<string, string>>;

/** What became of a write. */
interface Outcome extends Sent {
  readonly etag: string;
}

/** Stores a file: in one request up to `upload_cutoff`, else in parts. */
export async function writeFile(
  store: Store,
  path: string,
  source: Source,
  info: WriteInfo,
  call: Call | undefined,
): Promise<FileEntry> {
  const target = fileTarget(store, path);
  const task = { doing: 'write', path, signal: call?.signal, onSending: call?.onSending };
  const modified = info.modified ?? nowInNanoseconds();
  const mimeType = info.mimeType ?? (await typeByName(path));
  const metadata = {
    ...metadataOf({ ...info, mimeType }, modified),
    ...(info.metadata && metadataHeaders(store, info.metadata, path)),
    ...store.headers.upload,
  };
  const outcome = await send(store, target, source, metadata, task);
  await confirm(store, target, outcome, task);
  return {
    kind: 'file',
    path,
    size: outcome.size,
    modified,
    ...(outcome.md5 && { hashes: { md5: outcome.md5 } }),
    ...(outcome.etag && { tag: outcome.etag }),
  };
}

async function send(store: Store, target: Target, source: Source, metadata: Headers, task: Task): Promise<Outcome> {
  const { size, replayable } = source;
  if (size !== null && size <= pieceSize && replayable) {
    return sendWhole(store, target, await wholeBody(source, size, task), metadata, task);
  }
  if (size === null || !replayable) return sendPipe(store, target, source, metadata, task);
  if (size >= store.options.upload_cutoff) {
    const parts = rangedParts(source, size, partSizeFor(size, store.dialect));
    const headers = { ...store.headers.create, ...metadata, ...(await keptMd5(store, source)) };
    return putParts(store, target, parts, headers, task);
  }
  const kept = store.etagIsMd5 ? metadata : { ...metadata, ...(await keptMd5(store, source)) };
  const { md5, ...stored } = await putStream(store, target, { source, length: size }, kept, task);
  return { ...stored, size, md5: md5.toString('hex') };
}

/** As rclone does, the metadata tell the MD5 of an object whose ETag does not. */
async function keptMd5(store: Store, source: Source): Promise<Headers> {
  const md5 = store.options.disable_checksum ? null : await source.md5?.();
  return md5 ? md5Metadata(Buffer.from(md5, 'hex')) : {};
}

async function sendWhole(
  store: Store,
  target: Target,
  data: Uint8Array,
  metadata: Headers,
  task: Task,
): Promise<Outcome> {
  const { md5, ...stored } = await putBytes(store, target, data, metadata, task);
  return { ...stored, size: data.length, md5: md5.toString('hex') };
}

/** A stream that can be read once goes up in parts that are held in memory: what is short goes up whole. */
async function sendPipe(store: Store, target: Target, source: Source, metadata: Headers, task: Task): Promise<Outcome> {
  const { size, atMost } = source;
  const partSize = partSizeFor(size ?? atMost ?? 0, store.dialect);
  const arrays = cut(untilCancelled(checkedBody({ source, length: size }), task), partSize);
  try {
    const { value: first = new Uint8Array(0) } = await arrays.next();
    if (first.length < partSize) return await sendWhole(store, target, first, metadata, task);
    if (size === null && atMost === undefined) tellLimit(store, task.path);
    const parts = numbered(first, arrays, store.dialect.mostParts, task.path);
    return await putParts(store, target, parts, { ...store.headers.create, ...metadata }, task);
  } finally {
    await arrays.return(undefined);
  }
}

function tellLimit({ dialect: { chunkSize, mostParts }, report }: Store, path: string): void {
  const most = formatSize(chunkSize * mostParts);
  report.notice(
    path,
    `Streaming uploads using chunk size ${formatSize(chunkSize)} will have maximum file size of ${most}`,
  );
}

async function* numbered(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
  mostParts: number,
  path: string,
): AsyncGenerator<Part> {
  let number = 1;
  yield { number, body: first };
  for await (const body of rest) {
    if (++number > mostParts) {
      const message = `cannot write ${path}: the stream needs more than ${mostParts} parts: raise chunk_size`;
      throw new Failure('too-large', message, { path });
    }
    yield { number, body };
  }
}
