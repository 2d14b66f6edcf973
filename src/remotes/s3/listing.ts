import { readDate } from '../../core/date.ts';
import type { Nanoseconds } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { comparePaths } from '../../core/path.ts';
import { statedSize } from '../http/stated-size.ts';
import type { S3Request, Task } from './api.ts';
import { unquote } from './object.ts';
import type { Store, Target } from './store.ts';
import { textOf, type XmlElement } from './xml.ts';

export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** When the store got it; null where nobody asks. */
  readonly modified: Nanoseconds | null;
}

export interface ListingPage {
  readonly objects: readonly ListedObject[];
  /** What was rolled up at the delimiter, each with a slash at its end. */
  readonly prefixes: readonly string[];
}

export interface ListingQuery extends Target {
  /** Keys must start with it; `key` of the target. */
  readonly key: string;
  /** One level only. */
  readonly isFlat: boolean;
  /** Keys in a page. */
  readonly pageSize: number;
}

/** The keys of a bucket, page by page, in the store's order. */
export async function* listKeys(store: Store, query: ListingQuery, task: Task): AsyncGenerator<ListingPage> {
  let isEncoded = store.dialect.encodedListings;
  let position: Position | null = null;
  const request = () => store.api.attemptDocument(pageRequest(store, query, isEncoded, position), task);
  do {
    const document: XmlElement = await store.api.retry(task, async () => {
      try {
        return await request();
      } catch (error) {
        // Swift cannot put a control character into XML: only percent-encoded names get such a bucket listed.
        isEncoded = true;
        throw error;
      }
    });
    const decode = textOf(document, 'EncodingType') === 'url' ? decodeKey : (text: string) => text;
    const page = pageOf(document, decode, store.usesServerTimes);
    yield page;
    const next = nextPosition(document, page);
    if (next && next.mark === position?.mark) {
      throw new Failure('corrupt', `cannot list ${task.path}: the store repeats the same page for ever`);
    }
    position = next;
  } while (position);
}

function pageRequest(store: Store, query: ListingQuery, isEncoded: boolean, position: Position | null): S3Request {
  return {
    method: 'GET',
    bucket: query.bucket,
    query: {
      ...(store.dialect.listVersion === 2 && { 'list-type': '2' }),
      ...(query.isFlat && { delimiter: '/' }),
      ...(query.key && { prefix: query.key }),
      ...(isEncoded && { 'encoding-type': 'url' }),
      'max-keys': String(query.pageSize),
      ...position?.query,
    },
    headers: store.headers.every,
  };
}

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

/** Where the next page starts. */
interface Position {
  readonly mark: string;
  readonly query: Readonly<Record<string, string>>;
}

function nextPosition(document: XmlElement, page: ListingPage): Position | null {
  if (textOf(document, 'IsTruncated') !== 'true') return null;
  const token = textOf(document, 'NextContinuationToken');
  if (token !== '') return { mark: token, query: { 'continuation-token': token } };
  // What version 1 calls the next marker is the last thing that it listed, but it names it only with a delimiter, and
  // radosgw does not encode it with the rest.
  const lasts = [page.objects.at(-1)?.key ?? '', page.prefixes.at(-1) ?? ''];
  const marker = lasts.reduce(laterOf) || textOf(document, 'NextMarker');
  if (marker === '') throw new Failure('corrupt', 'the store cuts a listing short and does not say where it goes on');
  return { mark: marker, query: { marker } };
}

function laterOf(a: string, b: string): string {
  return comparePaths(a, b) > 0 ? a : b;
}

/** `encoding-type=url` is the encoding of forms: a space comes as a plus. */
function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    throw new Failure('corrupt', `the store lists a name that cannot be decoded: ${text}`, { cause: error });
  }
}
