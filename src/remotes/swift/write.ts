import { pieceSize, type Source } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { startOf, wholeStream } from '../../core/stream-start.ts';
import { typeByName } from '../mime-types.ts';
import { type Headers, lookUpOld } from './object.ts';
import { fileHeaders, type Place, putBytes, putStream, readSmall, type Stored } from './put.ts';
import { putSegmented } from './segmented.ts';
import { ownSegments, removeSegments } from './segments.ts';
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
  const target = newFileTarget(store.encoder, path);
  const place: Place = { target, path };
  const old = store.options.no_large_objects || info.isNew ? null : await lookUpOld(store, target, path, call);
  const orphans = old === null ? [] : await ownSegments(store, place, old, call);
  const mimeType = info.mimeType ?? (await typeByName(path));
  const headers = { ...fileHeaders({ ...info, mimeType }), ...store.settings.headers.upload };
  const stored = await putFile(store, place, source, headers, call);
  await removeSegments(store, place, orphans);
  return {
    kind: 'file',
    path,
    size: stored.size,
    modified: info.modified ?? null,
    ...('md5' in stored && { hashes: { md5: stored.md5 }, tag: stored.md5 }),
    mimeType,
  };
}

/** Stores a file in one piece or in segments; what stood there keeps its segments. */
export async function putFile(
  store: Store,
  place: Place,
  source: Source,
  headers: Headers,
  call: Call | undefined,
): Promise<Stored | { readonly size: number }> {
  const { options } = store;
  const { size } = source;
  if (size === null) return putUnsized(store, place, source, headers, call);
  if (size > options.chunk_size && !options.no_large_objects) return putSegmented(store, place, source, headers, call);
  if (size <= smallSize) return putBytes(store, place, await readSmall(source, size), headers, call);
  await store.containers.require(place.target.container, call?.signal);
  return putStream(store, place, { source, length: size }, headers, call);
}

/** A stream that ends soon is an ordinary file; of what is longer nobody knows whether it fits in one piece. */
async function putUnsized(
  store: Store,
  place: Place,
  source: Source,
  headers: Headers,
  call: Call | undefined,
): Promise<Stored | { readonly size: number }> {
  const start = await startOf(source.open(), smallSize);
  if (start.isWhole) return putBytes(store, place, start.bytes, headers, call);
  const all = wholeStream(start);
  if (!store.options.no_chunk && !store.options.no_large_objects) return putSegmented(store, place, all, headers, call);
  await store.containers.require(place.target.container, call?.signal);
  return putStream(store, place, { source: all, length: null }, headers, call);
}
