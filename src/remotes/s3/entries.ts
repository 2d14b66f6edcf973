import type { Entry, FileEntry } from '../../core/entry.ts';
import { joinPath } from '../../core/path.ts';
import type { ListedObject, ListingPage } from './listing.ts';
import { md5OfEtag } from './object.ts';
import type { Store } from './store.ts';

/** A page's keys as entries. Names that cannot be paths here are left out with a notice; the empty object that marks
 *  `prefix` itself is left out too. */
export function entriesOf(store: Store, bucket: string, prefix: string, page: ListingPage): Entry[] {
  const entries: Entry[] = [];
  for (const object of page.objects) {
    if (object.key === prefix) continue;
    const isMarker = object.key.endsWith('/');
    const path = pathOf(store, bucket, isMarker ? object.key.slice(0, -1) : object.key);
    if (path === null) continue;
    if (!isMarker) entries.push(fileOf(path, object, store.etagIsMd5));
    else if (object.size === 0) entries.push({ kind: 'folder', path, modified: null });
    else
      store.report.notice(path, 'left out: a name that ends in a slash is not a file here, even though it holds data');
  }
  for (const name of page.prefixes) {
    const path = pathOf(store, bucket, name.slice(0, -1));
    if (path !== null) entries.push({ kind: 'folder', path, modified: null });
  }
  return entries;
}

/** Null, with a notice, for a key that no path of ours leads back to: with `..` or an empty name between slashes, say. */
function pathOf(store: Store, bucket: string, key: string): string | null {
  const name = joinPath(bucket, key);
  const path = store.encoder.fromStore(name);
  const isReachable = store.encoder.toStore(path) === name && !strangeSegment.test(path) && key !== '';
  if (isReachable) return path;
  store.report.notice(name.replaceAll('\0', '\u2400'), 'left out: the store holds a name that cannot be a path here');
  return null;
}

const strangeSegment = /(?:^|\/)(?:\.\.?)?(?:\/|$)|\0/;

function fileOf(path: string, { size, etag, modified }: ListedObject, etagIsMd5: boolean): FileEntry {
  const md5 = md5OfEtag(etag, etagIsMd5);
  return {
    kind: 'file',
    path,
    size,
    modified,
    hashes: md5 === null ? undefined : { md5 },
    tag: etag || undefined,
  };
}
