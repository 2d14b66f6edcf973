import type { Entry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { parentPath } from '../../core/path.ts';
import type { Call } from '../../core/remote.ts';
import { entriesOf } from './entries.ts';
import { listKeys, type Pages } from './listing.ts';
import { metadataOf } from './object.ts';
import { putBytes } from './put.ts';
import { requireShort, type Store, targetOf } from './store.ts';

/** One level: the files and folders in `dir`, or the buckets. */
export async function* listFolder(
  store: Store,
  dir: string,
  call: Call | undefined,
  pages: Pages = listKeys,
): AsyncGenerator<readonly Entry[]> {
  if (dir === '') yield await listBuckets(store, call);
  else yield* listBelow(store, dir, true, call, pages);
}

/** All files below `dir`, and the folders that are marked. */
export async function* walkFolder(
  store: Store,
  dir: string,
  call: Call | undefined,
  pages: Pages = listKeys,
): AsyncGenerator<readonly Entry[]> {
  if (dir !== '') return yield* listBelow(store, dir, false, call, pages);
  const buckets = await listBuckets(store, call);
  yield buckets;
  for (const { path } of buckets) yield* listBelow(store, path, false, call, pages);
}

/** Makes the bucket, and with `directory_markers` an empty object for each folder on the way. Throws Failure('too-large') for
 *  one that no listing could ask for. */
export async function makeFolder(store: Store, path: string, call: Call | undefined): Promise<void> {
  const { bucket, key } = targetOf(store, path);
  if (bucket === '') return;
  requireShort({ bucket, key: `${key}/` }, path);
  await store.buckets.ensure(bucket, { doing: 'make the folder', path, signal: call?.signal });
  if (!store.options.directory_markers || key === '') return;
  const metadata = metadataOf({}, nowInNanoseconds());
  for (let folder = path; targetOf(store, folder).key !== ''; folder = parentPath(folder)) {
    const marker = { bucket, key: `${targetOf(store, folder).key}/` };
    const task = { doing: 'make the folder', path: folder, signal: call?.signal };
    await putBytes(store, marker, new Uint8Array(0), metadata, task);
  }
}

async function listBuckets(store: Store, call: Call | undefined): Promise<Entry[]> {
  const buckets = await store.buckets.list({ doing: 'list', path: '', signal: call?.signal });
  return buckets.map(({ name, created }) => ({
    kind: 'folder',
    path: store.encoder.fromStore(name),
    modified: created,
  }));
}

async function* listBelow(
  store: Store,
  dir: string,
  isFlat: boolean,
  call: Call | undefined,
  pages: Pages,
): AsyncGenerator<readonly Entry[]> {
  const { bucket, key } = targetOf(store, dir);
  const prefix = key && `${key}/`;
  const task = { doing: 'list', path: dir, signal: call?.signal };
  let isEmpty = true;
  for await (const page of pages(store, { bucket, key: prefix, isFlat, pageSize: store.options.list_chunk }, task)) {
    isEmpty &&= page.objects.length + page.prefixes.length === 0;
    const entries = entriesOf(store, bucket, prefix, page);
    if (entries.length > 0) yield entries;
  }
  if (isEmpty && key !== '' && store.options.directory_markers) {
    throw new Failure('folder-not-found', `there is no folder ${dir}`, { path: dir });
  }
}
