import { Failure } from '../../../core/failure.ts';
import { statedSize } from '../../http/stated-size.ts';
import type { Task } from '../api.ts';
import type { ListedObject, ListingPage } from '../listing.ts';
import { unquote } from '../object.ts';
import { type ListingQuery, lastOf, listPages, type Position } from '../pages.ts';
import type { Store } from '../store.ts';
import { textOf, type XmlElement } from '../xml.ts';

/** One of those that a bucket keeps of an object: its bytes, or the mark that it was deleted. */
export interface ObjectVersion extends ListedObject {
  /** `null` for what was stored while the bucket kept no versions. */
  readonly versionId: string;
  /** It stands there now. */
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  /** Milliseconds since 1970. */
  readonly stored: number;
}

export interface VersionsPage extends ListingPage {
  readonly objects: readonly ObjectVersion[];
}

/** All versions of the keys of a bucket, page by page: those of a key together, the newest first. */
export function listVersions(store: Store, query: ListingQuery, task: Task): AsyncGenerator<VersionsPage> {
  return listPages(store, query, task, {
    query: { versions: '' },
    read: (document, decode) => pageOf(document, decode, store.usesServerTimes),
    next: nextPosition,
  });
}

/** The same pages, each when the next one is there: radosgw cannot go on at a version that was removed meanwhile, and passes
 *  over the others of its key. */
export async function* heldBack<P>(pages: AsyncIterable<P>): AsyncGenerator<P> {
  let held: P | undefined;
  for await (const page of pages) {
    if (held) yield held;
    held = page;
  }
  if (held) yield held;
}

function pageOf(document: XmlElement, decode: (text: string) => string, isTimed: boolean): VersionsPage {
  const objects: ObjectVersion[] = [];
  const prefixes: string[] = [];
  for (const element of document.children) {
    if (element.name === 'CommonPrefixes') prefixes.push(decode(textOf(element, 'Prefix')));
    else if (element.name === 'Version' || element.name === 'DeleteMarker') {
      objects.push(versionIn(element, decode, isTimed));
    }
  }
  return { objects, prefixes };
}

function versionIn(element: XmlElement, decode: (text: string) => string, isTimed: boolean): ObjectVersion {
  const key = decode(textOf(element, 'Key'));
  const stored = Date.parse(textOf(element, 'LastModified'));
  if (Number.isNaN(stored)) throw new Failure('corrupt', `the store does not say when a version of ${key} was stored`);
  return {
    key,
    stored,
    modified: isTimed ? BigInt(stored) * 1_000_000n : null,
    size: statedSize(textOf(element, 'Size')),
    etag: unquote(textOf(element, 'ETag')),
    versionId: textOf(element, 'VersionId'),
    isLatest: textOf(element, 'IsLatest') === 'true',
    isDeleteMarker: element.name === 'DeleteMarker',
  };
}

/** After the last version, which Swift itself calls `null`; or after all that was rolled up, of which Swift needs to be told. */
function nextPosition(document: XmlElement, { objects, prefixes }: VersionsPage): Position {
  const key = lastOf(objects, prefixes, textOf(document, 'NextKeyMarker'));
  const last = objects.at(-1);
  if (key !== last?.key) return { mark: key, query: { 'key-marker': `${key}${lastCharacter}` } };
  const id = last.versionId;
  return { mark: `${key}\0${id}`, query: { 'key-marker': key, 'version-id-marker': id } };
}

const lastCharacter = '\u{10ffff}';
