import { readDate } from '../../core/date.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { statedSize } from '../http/stated-size.ts';
import type { Task } from './api.ts';
import { unquote } from './object.ts';
import { type ListingQuery, lastOf, listPages, type Position } from './pages.ts';
import type { Store } from './store.ts';
import { textOf, type XmlElement } from './xml.ts';

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** When the store got it; null where nobody asks. */
  readonly modified: Nanoseconds | null;
  /** Which version it is, where a listing of versions shows it. */
  readonly versionId?: string;
}

export interface ListingPage {
  readonly objects: readonly ListedObject[];
  /** What was rolled up at the delimiter, each with a slash at its end. */
  readonly prefixes: readonly string[];
}

/** What lists the keys of a bucket, page by page, in the store's order. */
export type Pages = (store: Store, query: ListingQuery, task: Task) => AsyncGenerator<ListingPage>;

export const listKeys: Pages = (store, query, task) =>
  listPages(store, query, task, {
    query: store.dialect.listVersion === 2 ? { 'list-type': '2' } : {},
    read: (document, decode) => pageOf(document, decode, store.usesServerTimes),
    next: nextPosition,
  });

function pageOf(document: XmlElement, decode: (text: string) => string, isTimed: boolean): ListingPage {
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  for (const element of document.children) {
    if (element.name === 'CommonPrefixes') prefixes.push(decode(textOf(element, 'Prefix')));
    if (element.name !== 'Contents') continue;
    const key = decode(textOf(element, 'Key'));
    const modified = isTimed ? readDate(textOf(element, 'LastModified')) : null;
    objects.push({ key, size: statedSize(textOf(element, 'Size')), etag: unquote(textOf(element, 'ETag')), modified });
  }
  return { objects, prefixes };
}

function nextPosition(document: XmlElement, page: ListingPage): Position {
  const token = textOf(document, 'NextContinuationToken');
  if (token !== '') return { mark: token, query: { 'continuation-token': token } };
  // Version 1 names it only with a delimiter.
  const marker = lastOf(page.objects, page.prefixes, textOf(document, 'NextMarker'));
  return { mark: marker, query: { marker } };
}
