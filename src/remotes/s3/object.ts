import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import type { WriteInfo } from '../../core/remote.ts';
import { formatMtime, parseMtime } from '../http/mtime.ts';
import type { Store, Target } from './store.ts';

type Headers = Readonly<Record<string, string>>;

const mtimeHeader = 'x-amz-meta-mtime';
const md5Header = 'x-amz-meta-md5chksum';
const defaultType = 'application/octet-stream';

/** Asks for an object's headers. */
export function headObject(
  store: Store,
  { bucket, key }: Target,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Headers> {
  return store.api.headers(
    { method: 'HEAD', bucket, key, headers: store.headers.content },
    { doing: 'look up', path, signal },
  );
}

/** The file that a HEAD described. */
export function entryOf(path: string, headers: Headers, etagIsMd5: boolean): FileEntry {
  const md5 = md5Of(headers, etagIsMd5);
  return {
    kind: 'file',
    path,
    size: Number(headers['content-length'] ?? 0),
    modified: parseMtime(headers[mtimeHeader] ?? '') ?? lastModified(headers),
    ...(md5 && { hashes: { md5 } }),
    ...(headers['content-type'] && { mimeType: headers['content-type'] }),
    ...(headers.etag && { tag: unquote(headers.etag) }),
  };
}

/** The metadata of an object to be made, with its modification time. */
export function metadataOf(info: WriteInfo, modified: Nanoseconds): Headers {
  return { 'content-type': info.mimeType ?? defaultType, [mtimeHeader]: formatMtime(modified) };
}

/** rclone's place for the MD5 of an object whose ETag is none. */
export function md5Metadata(md5: Buffer): Headers {
  return { [md5Header]: md5.toString('base64') };
}

/** What of an object's headers is its metadata: a copy that replaces some of it must bring the rest along. */
export function keptMetadata(headers: Headers, modified?: Nanoseconds): Headers {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-') || described.has(name));
  return { ...Object.fromEntries(kept), ...(modified !== undefined && { [mtimeHeader]: formatMtime(modified) }) };
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

export function unquote(etag: string): string {
  return etag.replace(/^(?:W\/)?"?|"?$/g, '');
}

function md5Of(headers: Headers, etagIsMd5: boolean): string | null {
  const kept = Buffer.from(headers[md5Header] ?? '', 'base64');
  return kept.length === 16 ? kept.toString('hex') : md5OfEtag(headers.etag ?? '', etagIsMd5);
}

function lastModified(headers: Headers): Nanoseconds | null {
  const milliseconds = Date.parse(headers['last-modified'] ?? '');
  return Number.isNaN(milliseconds) ? null : BigInt(milliseconds) * 1_000_000n;
}
