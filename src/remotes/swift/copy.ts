import { noBytes } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { assemble } from './assemble.ts';
import { deleteOne } from './delete-all.ts';
import type { Segment } from './manifest.ts';
import { fileEntry, headersForBytes, lookUp, lookUpFile, type ObjectInfo, tagIn } from './object.ts';
import type { Place } from './put.ts';
import { replacing } from './replacing.ts';
import { segmentsPlace } from './segment-names.ts';
import { allSegments } from './segments.ts';
import type { Store } from './store.ts';
import { fileTarget, newFileTarget, type Target, urlPath } from './target.ts';

const copiesAtOnce = 4;

/** Copies on the store's side, bytes and metadata. A large object gets segments of its own: with shared ones, the removal
 *  of one copy would break the other. Throws Failure('unsupported') where the store does not tell what the segments are. */
export async function copyFile(store: Store, from: string, to: string, call?: Call): Promise<FileEntry> {
  const source: Place = { target: fileTarget(store.encoder, from), path: from };
  const place: Place = { target: newFileTarget(store.encoder, to), path: to };
  const info = await lookUpFile(store, source.target, from, call);
  if (info.layout === 'plain' || store.options.no_large_objects) {
    const md5 = info.layout === 'plain' ? info.etag : undefined;
    await replacing(store, place, {}, call, () => copyPlain(store, source, md5, place, call));
  } else await copySegmented(store, source, place, info, call);
  return fileEntry(store, to, info, call);
}

/** `md5` is that of the source, where it is known. A request that lost its X-Copy-From on the way has made an empty object.
 *  Throws Failure('changed'), retryable, for another source; radosgw does not heed the condition. */
async function copyPlain(
  store: Store,
  source: Place,
  md5: string | undefined,
  { target, path }: Place,
  call: Call | undefined,
): Promise<void> {
  const { signal, onSending } = call ?? {};
  await store.containers.within(target.container, signal, async () => {
    const response = await store.service.send({
      ...{ method: 'PUT', target, path, body: noBytes, signal, onSending, accept: [412] },
      headers: { 'x-copy-from': urlPath(source.target), ...(md5 !== undefined && { 'if-match': md5 }) },
    });
    await response.discard();
    if (response.status === 412) throw changed(source);
    const tag = tagIn(response.headers);
    if (md5 !== undefined && tag !== md5) await requireCopy(store, source, { target, path }, { tag, md5 }, call);
  });
}

function changed({ path }: Place): Failure {
  return new Failure('changed', `${path}: was changed while it was copied`, { path, retryable: true });
}

/** Removes what has another MD5, if that is what the store says to have made: `tag`. Throws Failure('corrupt'), and
 *  Failure('changed') where the source has that now. */
async function requireCopy(
  store: Store,
  source: Place,
  { target, path }: Place,
  { tag, md5 }: { readonly tag: string | undefined; readonly md5: string },
  call: Call | undefined,
): Promise<void> {
  const found = await lookUp(store, target, path, call);
  if (found?.etag === md5) return;
  if (tag !== undefined && found?.etag === tag) {
    const now = await lookUp(store, source.target, source.path, call);
    if (now?.etag === tag) throw changed(source);
    await deleteOne(store, target, path);
  }
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
    throw new Failure('unsupported', `${source.path}: the store does not list its segments`, { path: source.path });
  }
  const folder = segmentsPlace(store.options, place.target, info.size, nowInNanoseconds());
  const upload = async (placed: (index: number) => Target): Promise<Segment[]> => {
    const copies = segments.map((segment, index): Segment => ({ ...segment, target: placed(index) }));
    await forEachParallel(segments.entries(), copiesAtOnce, call?.signal, async ([index, segment], signal) => {
      const target = copies[index]?.target ?? folder;
      const from = { target: segment.target, path: source.path };
      await copyPlain(store, from, segment.md5, { target, path: place.path }, { signal });
    });
    return copies;
  };
  await assemble(store, place, { folder, headers: headersForBytes(info) }, upload, call);
}
