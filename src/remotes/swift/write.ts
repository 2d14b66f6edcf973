import { pieceSize, type Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { startOf, wholeStream } from '../../core/stream-start.ts';
import { checkedBody, wholeBody } from '../http/request-body.ts';
import { typeByName } from '../mime-types.ts';
import type { Headers } from './object.ts';
import { fileHeaders, type Place, putBytes, putStream, type Stored } from './put.ts';
import { type Replaced, replacing } from './replacing.ts';
import { putSegmented } from './segmented.ts';
import type { Store } from './store.ts';
import { newFileTarget } from './target.ts';

// Up to this the whole body is at hand: the store checks its MD5 before it replaces anything, and a fault costs no new read.
const smallSize = pieceSize;

/** Writes a file in one piece or in segments, then removes the segments of the large object that stood there. */
export async function writeFile(
  store: Store,
  path: string,
  source: Source,
  info: WriteInfo,
  call?: Call,
): Promise<FileEntry> {
  const place: Place = { target: newFileTarget(store.encoder, path), path };
  const mimeType = info.mimeType ?? (await typeByName(path));
  const headers = { ...fileHeaders({ ...info, mimeType }), ...store.settings.headers.upload };
  const stored = await putFile(store, place, source, { headers, isNew: info.isNew }, call);
  return {
    kind: 'file',
    path,
    size: stored.size,
    modified: info.modified ?? null,
    ...('md5' in stored && { hashes: { md5: stored.md5 }, tag: stored.md5 }),
    mimeType,
  };
}

/** How a file is stored. */
interface Putting extends Replaced {
  readonly headers: Headers;
}

/** Stores a file in one piece or in segments. */
export async function putFile(
  store: Store,
  place: Place,
  source: Source,
  putting: Putting,
  call: Call | undefined,
): Promise<Stored | { readonly size: number }> {
  const { options } = store;
  const { size } = source;
  if (size === null) return putUnsized(store, place, source, putting, call);
  if (size > options.chunk_size && !options.no_large_objects) return putSegmented(store, place, source, putting, call);
  if (size <= smallSize) return putWhole(store, place, await wholeBody(source, size, call), putting, call);
  return putPiece(store, place, { source, length: size }, putting, call);
}

/** A stream that ends soon is an ordinary file; of what is longer nobody knows whether it fits in one piece. */
async function putUnsized(
  store: Store,
  place: Place,
  source: Source,
  putting: Putting,
  call: Call | undefined,
): Promise<Stored | { readonly size: number }> {
  const start = await startOf(checkedBody({ source, length: null }), smallSize);
  if (start.isWhole) return putWhole(store, place, start.bytes, putting, call);
  const all = wholeStream(start);
  if (!store.options.no_chunk && !store.options.no_large_objects) return putSegmented(store, place, all, putting, call);
  return putPiece(store, place, { source: all, length: null }, putting, call);
}

function putWhole(
  store: Store,
  place: Place,
  body: Uint8Array,
  putting: Putting,
  call: Call | undefined,
): Promise<Stored> {
  return replacing(store, place, putting, call, () => putBytes(store, place, body, putting.headers, call));
}

async function putPiece(
  store: Store,
  place: Place,
  part: { readonly source: Source; readonly length: number | null },
  putting: Putting,
  call: Call | undefined,
): Promise<Stored> {
  await store.containers.require(place.target.container, call?.signal);
  return replacing(store, place, putting, call, () => putStream(store, place, part, putting.headers, call));
}
