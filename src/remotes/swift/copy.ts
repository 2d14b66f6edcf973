import { noBytes } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { assemble } from './assemble.ts';
import { deleteOne } from './delete-all.ts';
import type { Segment } from './manifest.ts';
import { fileEntry, headersForBytes, lookUp, lookUpFile, lookUpOld, type ObjectInfo, tagIn } from './object.ts';
import type { Place } from './put.ts';
import { segmentsPlace } from './segment-names.ts';
import { allSegments, ownSegments, removeSegments } from './segments.ts';
import type { Store } from './store.ts';
import { fileTarget, newFileTarget, type Target, urlPath } from './target.ts';

const copiesAtOnce = 4;

/** Copies on the store's side, bytes and metadata. A large object gets segments of its own: with shared ones, the removal
 *  of one copy would break the other. Throws Failure('unsupported') where the store does not tell what the segments are. */
export async function copyFile(store: Store, from: string, to: string, call?: Call): Promise<FileEntry> {
  const source: Place = { target: fileTarget(store.encoder, from), path: from };
  const place: Place = { target: newFileTarget(store.encoder, to), path: to };
  const info = await lookUpFile(store, source.target, from, call);
  const old = store.options.no_large_objects ? null : await lookUpOld(store, place.target, to, call);
  const orphans = old === null ? [] : await ownSegments(store, place, old, call);
  if (info.layout === 'plain') await copyPlain(store, source.target, info.etag, place, call);
  else if (store.options.no_large_objects) await copyPlain(store, source.target, undefined, place, call);
  else await copySegmented(store, source, place, info, call);
  await removeSegments(store, place, orphans);
  return fileEntry(store, to, info, call);
}

/** `md5` is that of the source, where it is known. A request that lost its X-Copy-From on the way has made an empty object. */
async function copyPlain(
  store: Store,
  source: Target,
  md5: string | undefined,
  { target, path }: Place,
  call: Call | undefined,
): Promise<void> {
  await store.containers.within(target.container, call?.signal, async () => {
    const response = await store.service.send({
      ...{ method: 'PUT', target, path, body: noBytes, signal: call?.signal },
      headers: { 'x-copy-from': urlPath(source) },
    });
    await response.discard();
    const tag = tagIn(response.headers);
    if (md5 !== undefined && tag !== md5) await requireCopy(store, { target, path }, { tag, md5 }, call);
  });
}

/** Removes what has another MD5, if that is what the store says to have made: `tag`. Throws Failure('corrupt'). */
async function requireCopy(
  store: Store,
  { target, path }: Place,
  { tag, md5 }: { readonly tag: string | undefined; readonly md5: string },
  call: Call | undefined,
): Promise<void> {
  const found = await lookUp(store, target, path, call);
  if (found?.etag === md5) return;
  if (tag !== undefined && found?.etag === tag) await deleteOne(store, target, path);
  throw new Failure('corrupt', `${path}: the store has not copied it as it is`, { path, retryable: true });
}

async function copySegmented(
  store: Store,
  source: Place,
  place: Place,
  info: ObjectInfo,
  call: Call | undefined,
): Promise<void> {
  const segments = await allSegments(store, source, info, call);
  if (segments === null) {
    throw new Failure('unsupported', `${source.path}: the store does not tell its segments`, { path: source.path });
  }
  const folder = segmentsPlace(store.options, place.target, info.size, nowInNanoseconds());
  const upload = async (placed: (index: number) => Target): Promise<Segment[]> => {
    const copies = segments.map((segment, index): Segment => ({ ...segment, target: placed(index) }));
    await forEachParallel(segments.entries(), copiesAtOnce, call?.signal, async ([index, segment], signal) => {
      const target = copies[index]?.target ?? folder;
      await copyPlain(store, segment.target, segment.md5, { target, path: place.path }, { signal });
    });
    return copies;
  };
  await assemble(store, place, folder, headersForBytes(info), upload, call);
}
