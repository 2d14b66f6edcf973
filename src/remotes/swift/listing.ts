import { readDate } from '../../core/date.ts';
import type { Entry, FolderEntry, Nanoseconds } from '../../core/entry.ts';
import { forEachParallel } from '../../core/parallel.ts';
import type { Call } from '../../core/remote.ts';
import { emptyMd5, fileEntry, folderType, lookUp } from './object.ts';
import { type Listed, pages } from './pages.ts';
import { segmentsFolder } from './segment-names.ts';
import type { Store } from './store.ts';
import { targetOf } from './target.ts';

/** One level below `dir`: the account's containers, or a container's files and folders. */
export async function* listFolder(store: Store, dir: string, call?: Call): AsyncGenerator<readonly Entry[]> {
  if (dir === '') yield* listContainers(store, call);
  else yield* listObjects(store, dir, '/', call);
}

/** All below `dir` in one sweep; the account's containers one after the other. */
export async function* walkFolder(store: Store, dir: string, call?: Call): AsyncGenerator<readonly Entry[]> {
  if (dir !== '') {
    yield* listObjects(store, dir, '', call);
    return;
  }
  for await (const page of listContainers(store, call)) {
    yield page;
    for (const container of page) yield* listObjects(store, container.path, '', call);
  }
}

async function* listContainers(store: Store, call?: Call): AsyncGenerator<readonly Entry[]> {
  for await (const page of pages(store, '', { path: store.label }, call)) {
    yield page.flatMap(({ name, bytes, count }) => {
      const path = store.encoder.fromStore(name ?? '');
      if (!isSound(store, path)) return [];
      const container: FolderEntry = { kind: 'folder', path, modified: null };
      return [isWhole(bytes) && isWhole(count) ? { ...container, size: bytes, items: count } : container];
    });
  }
}

async function* listObjects(
  store: Store,
  dir: string,
  delimiter: string,
  call: Call | undefined,
): AsyncGenerator<readonly Entry[]> {
  const { container, name } = targetOf(store.encoder, dir);
  const prefix = name === '' ? '' : `${name}/`;
  const markers = new Set<string>();
  for await (const page of pages(store, container, { prefix, delimiter, path: dir }, call)) {
    const entries: (Entry | null)[] = [];
    const unsure: { readonly index: number; readonly listed: Listed }[] = [];
    for (const listed of page) {
      const entry = entryOf(store, container, prefix, listed);
      if (entry?.kind === 'folder' && isRepeated(markers, listed, entry.path)) continue;
      if (entry?.kind === 'file' && isUnsure(store, listed)) unsure.push({ index: entries.length, listed });
      entries.push(entry);
    }
    await forEachParallel(unsure, store.settings.checkers, call?.signal, async ({ index, listed }, signal) => {
      const path = entries[index]?.path ?? '';
      const info = await lookUp(store, { container, name: listed.name ?? '' }, path, { signal });
      // Gone since the page was made, or a dynamic large object whose segments are gone.
      if (info) entries[index] = fileEntry(store, path, info, call);
    });
    const found = entries.filter((entry) => entry !== null);
    if (found.length > 0) yield found;
  }
}

/** A folder can stand there as a marker, as a marker with a slash, and as the prefix of what is in it, in this order. */
function isRepeated(markers: Set<string>, listed: Listed, path: string): boolean {
  if (markers.has(path)) return true;
  if (listed.subdir === undefined) markers.add(path);
  return false;
}

/** Null for what is not to be shown. */
function entryOf(store: Store, container: string, prefix: string, listed: Listed): Entry | null {
  const name = listed.subdir ?? listed.name ?? '';
  if (name === prefix) return null;
  if (isHidden(store, name)) return null;
  // A listing of one level shows it as a prefix, whatever type its marker has.
  const isMarker = listed.content_type === folderType || (name.endsWith('/') && listed.bytes === 0);
  const isFolder = listed.subdir !== undefined || isMarker;
  const path = store.encoder.fromStore(`${container}/${isFolder && name.endsWith('/') ? name.slice(0, -1) : name}`);
  if (!isSound(store, path)) return null;
  if (isFolder) return { kind: 'folder', path, modified: null };
  return {
    kind: 'file',
    path,
    size: isWhole(listed.bytes) ? listed.bytes : -1,
    modified: store.settings.usesServerTimes ? listedTime(listed) : null,
    mimeType: listed.content_type,
    tag: listed.hash === undefined ? undefined : (listed.slo_etag ?? listed.hash).replaceAll('"', ''),
  };
}

/** To the second, which is what the store tells of a single object. */
function listedTime({ last_modified: time = '' }: Listed): Nanoseconds | null {
  return readDate(`${time.slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`);
}

function isWhole(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && Number.isSafeInteger(value);
}

// A dynamic large object is listed with no bytes; radosgw lists a static one with the bytes of its manifest, the MD5 of none.
function isUnsure({ options }: Store, { bytes, hash }: Listed): boolean {
  return !options.no_large_objects && (bytes === 0 || hash === emptyMd5);
}

function isHidden({ options }: Store, name: string): boolean {
  return options.use_segments_container === false && name.startsWith(`${segmentsFolder}/`);
}

/** False, with a notice, for a name that no path can hold. */
function isSound({ report }: Store, path: string): boolean {
  if (!/(^|\/)(\.{0,2})(\/|$)|\0/.test(path)) return true;
  report.notice(path, 'this name is skipped: it has an empty part, "." or ".."');
  return false;
}
