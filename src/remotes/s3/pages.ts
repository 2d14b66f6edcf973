import { Failure } from '../../core/failure.ts';
import { comparePaths } from '../../core/path.ts';
import { type Asked, requireAsked } from '../http/asked-names.ts';
import type { S3Request, Task } from './api.ts';
import type { Store, Target } from './store.ts';
import { childrenOf, textOf, type XmlElement } from './xml.ts';

export interface ListingQuery extends Target {
  /** Keys must start with it; `key` of the target. */
  readonly key: string;
  /** One level only. */
  readonly isFlat: boolean;
  /** Keys in a page. */
  readonly pageSize: number;
}

/** What a page names. */
interface Names {
  readonly objects: readonly { readonly key: string }[];
  readonly prefixes: readonly string[];
}

/** One of the listings that S3 has. */
export interface Listing<P> {
  /** What asks for it. */
  readonly query: Readonly<Record<string, string>>;
  read(document: XmlElement, decode: (text: string) => string): P;
  /** Where a listing goes on that is cut at the end of this page. */
  next(document: XmlElement, page: P): Position;
}

/** Where a page starts. */
export interface Position {
  /** Differs from page to page. */
  readonly mark: string;
  readonly query: Readonly<Record<string, string>>;
}

/** The pages of a listing. */
export async function* listPages<P extends Names>(
  store: Store,
  query: ListingQuery,
  task: Task,
  listing: Listing<P>,
): AsyncGenerator<P> {
  const asked: Asked = { prefix: query.key, isFlat: query.isFlat, path: task.path };
  let isEncoded = store.dialect.encodedListings;
  let position: Position | null = null;
  const marks = new Set<string>();
  const request = () => store.api.attemptDocument(pageRequest(store, query, listing.query, isEncoded, position), task);
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
    requireListing(document, asked, decode);
    const page = listing.read(document, decode);
    for (const { key } of page.objects) requireAsked(asked, key, false);
    for (const prefix of page.prefixes) requireAsked(asked, prefix, true);
    yield page;
    const next = isTruncated(document) ? listing.next(document, page) : null;
    if (next && marks.has(next.mark)) {
      throw new Failure('corrupt', `cannot list ${task.path}: the store repeats its pages for ever`);
    }
    if (next) marks.add(next.mark);
    position = next;
  } while (position);
}

/** Throws Failure('corrupt') for a document that is no listing, or one of another folder: an empty one would pass for this. */
function requireListing(document: XmlElement, { prefix, path }: Asked, decode: (text: string) => string): void {
  const [said] = childrenOf(document, 'Prefix');
  const isOfAnother = said !== undefined && said.text !== prefix && decode(said.text) !== prefix;
  if (!isOfAnother && isTruncated(document) !== null) return;
  throw new Failure('corrupt', `cannot list ${path}: the answer is not a listing of it`, { path, retryable: true });
}

/** Null where the document does not say. */
function isTruncated(document: XmlElement): boolean | null {
  const text = textOf(document, 'IsTruncated').toLowerCase();
  return text === 'true' || (text === 'false' ? false : null);
}

function pageRequest(
  store: Store,
  query: ListingQuery,
  listing: Readonly<Record<string, string>>,
  isEncoded: boolean,
  position: Position | null,
): S3Request {
  return {
    method: 'GET',
    bucket: query.bucket,
    query: {
      ...listing,
      ...(query.isFlat && { delimiter: '/' }),
      ...(query.key && { prefix: query.key }),
      ...(isEncoded && { 'encoding-type': 'url' }),
      'max-keys': String(query.pageSize),
      ...position?.query,
    },
    headers: store.headers.every,
  };
}

/** The last thing that a page listed, where the next one goes on. What the store itself calls it is taken where there is nothing
 *  else: radosgw does not encode it with the rest. */
export function lastOf(objects: readonly { key: string }[], prefixes: readonly string[], named: string): string {
  const last = laterOf(objects.at(-1)?.key ?? '', prefixes.at(-1) ?? '') || named;
  if (last === '') throw new Failure('corrupt', 'the store cuts a listing short and does not say where it goes on');
  return last;
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
