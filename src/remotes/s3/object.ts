import { readDate } from '../../core/date.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import type { Call, WriteInfo } from '../../core/remote.ts';
import { formatSeconds, parseSeconds } from '../../core/seconds.ts';
import { plainType } from '../../formats/mime.ts';
import { attributeHeaders, attributesIn, roomIn, withoutAttributes } from '../http/attribute-headers.ts';
import { statedSize } from '../http/stated-size.ts';
import { requireObject } from '../http/tag.ts';
import { md5Header, metadataIn, metadataPrefix, mtimeHeader } from './metadata.ts';
import type { Place, Store } from './store.ts';

type Headers = Readonly<Record<string, string>>;

/** Asks for an object's headers. */
export async function headObject(
  store: Store,
  { bucket, key, query }: Place,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Headers> {
  const request = { method: 'HEAD', bucket, key, query, headers: store.headers.content } as const;
  const headers = await store.api.headers(request, { doing: 'look up', path, signal });
  requireObject(headers, path);
  return headers;
}

/** Of the 2 KiB that AWS takes for all metadata, names and values. */
export const attributeRoom = roomIn(7);

/** The file that the answer to a HEAD or a GET describes. */
export function entryOf(store: Store, path: string, headers: Headers, call: Call | undefined): FileEntry {
  const md5 = md5Of(headers, store.etagIsMd5);
  const entry: FileEntry = {
    kind: 'file',
    path,
    size: sizeIn(headers),
    modified: store.usesServerTimes ? readDate(headers['last-modified']) : ownTime(headers),
    hashes: md5 === null ? undefined : { md5 },
    mimeType: headers['content-type'] || undefined,
    tag: headers.etag && unquote(headers.etag),
  };
  if (!call?.attributes) return entry;
  const attributes = attributesIn(metadataPrefix, headers);
  return { ...entry, attributes, ...(call.metadata && { metadata: metadataIn(store, headers) }) };
}

/** The time that an object's metadata keeps, or that at which the store got it. */
export function ownTime(headers: Headers): Nanoseconds | null {
  return parseSeconds(headers[mtimeHeader] ?? '') ?? readDate(headers['last-modified']);
}

/** The metadata of an object to be made, with its modification time. */
export function metadataOf({ mimeType, attributes }: WriteInfo, modified: Nanoseconds): Headers {
  return {
    'content-type': mimeType ?? plainType,
    [mtimeHeader]: formatSeconds(modified),
    ...(attributes && attributeHeaders(metadataPrefix, attributes)),
  };
}

export function md5Metadata(md5: Buffer): Headers {
  return { [md5Header]: md5.toString('base64') };
}

/** What of an object's headers is its metadata: a copy that replaces some of it must bring the rest along. */
export function keptMetadata(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith(metadataPrefix) || described.has(name)),
  );
}

/** Metadata with another modification time. */
export function withModified(metadata: Headers, modified: Nanoseconds): Headers {
  return { ...metadata, [mtimeHeader]: formatSeconds(modified) };
}

/** Metadata with other attributes. */
export function withAttributes(metadata: Headers, attributes: Uint8Array): Headers {
  return { ...withoutAttributes(metadataPrefix, metadata), ...attributeHeaders(metadataPrefix, attributes) };
}

const described = new Set([
  'content-type',
  'content-encoding',
  'content-language',
  'content-disposition',
  'cache-control',
  'expires',
]);

/** The MD5 in an ETag, lower-case hex; null where it is none: of an object in parts, for one. */
export function md5OfEtag(etag: string, etagIsMd5: boolean): string | null {
  const text = unquote(etag).toLowerCase();
  return etagIsMd5 && /^[0-9a-f]{32}$/.test(text) ? text : null;
}

/** Whether the service has encrypted an object with a key of ours or of its key management, so that its ETag is no MD5. A
 *  bucket may ask for that, whatever our options say. */
export function hidesMd5(headers: Headers): boolean {
  return (
    headers['x-amz-server-side-encryption']?.startsWith('aws:kms') === true ||
    headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined
  );
}

export function unquote(etag: string): string {
  return etag.replace(/^(?:W\/)?"?|"?$/g, '');
}

/** The MD5 of an object, lower-case hex, as its metadata or its ETag tells it; null where neither does. */
export function md5Of(headers: Headers, etagIsMd5: boolean): string | null {
  const { [md5Header]: given, etag = '' } = headers;
  const kept = given === undefined ? null : Buffer.from(given, 'base64');
  return kept?.length === 16 ? kept.toString('hex') : md5OfEtag(etag, etagIsMd5 && !hidesMd5(headers));
}

/** Stores behind some proxies leave out the length of what is empty; where the body comes in chunks nobody can tell. */
export function sizeIn(headers: Headers): number {
  return statedSize(headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? '0' : undefined));
}
