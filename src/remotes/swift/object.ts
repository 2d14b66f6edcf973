import { readDate } from '../../core/date.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Call } from '../../core/remote.ts';
import { formatSeconds, parseSeconds } from '../../core/seconds.ts';
import { plainType } from '../../formats/mime.ts';
import { attributeHeaders, attributesIn, roomIn, withoutAttributes } from '../http/attribute-headers.ts';
import { statedSize } from '../http/stated-size.ts';
import { requireObject, requireTag } from '../http/tag.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

export const folderType = 'application/directory';

/** The ETag of an object without bytes. */
export const emptyMd5 = 'd41d8cd98f00b204e9800998ecf8427e';

export type Headers = Readonly<Record<string, string>>;

/** What the store says about an object. */
export interface ObjectInfo {
  readonly size: number;
  readonly modified: Nanoseconds | null;
  readonly mimeType: string | undefined;
  /** Without quotes. */
  readonly etag: string | undefined;
  /** How the bytes are kept: in one piece, as a static or as a dynamic large object. */
  readonly layout: 'plain' | 'static' | 'dynamic';
  readonly headers: Headers;
}

/** Null where there is no such object. Folder markers count as objects. */
export async function lookUp(store: Store, target: Target, path: string, call?: Call): Promise<ObjectInfo | null> {
  const response = await store.service.send({ method: 'HEAD', target, path, signal: call?.signal, accept: [404] });
  await response.discard();
  return response.status === 404 ? null : describe(response.headers, path);
}

/** As `lookUp`; throws Failure('not-found'), and Failure('is-folder') for a marker. */
export async function lookUpFile(store: Store, target: Target, path: string, call?: Call): Promise<ObjectInfo> {
  const info = await lookUp(store, target, path, call);
  if (info === null) throw new Failure('not-found', `${path}: no such file in ${store.label}`, { path });
  if (info.mimeType !== folderType) return info;
  throw new Failure('is-folder', `${path}: is a folder, not a file`, { path });
}

/** What a write replaces; null also where we may write and not look. */
export function lookUpOld(store: Store, target: Target, path: string, call?: Call): Promise<ObjectInfo | null> {
  return unlessDenied(lookUp(store, target, path, call));
}

/** What a look at an object finds; null where we may write and not look. */
export async function unlessDenied<T>(look: Promise<T>): Promise<T | null> {
  try {
    return await look;
  } catch (error) {
    if (isFailure(error, 'denied')) return null;
    throw error;
  }
}

/** The ETag in an answer, without quotes and in lower case. */
export function tagIn({ etag }: Headers): string | undefined {
  return etag?.replaceAll('"', '').toLowerCase();
}

/** Throws Failure('corrupt') for headers that describe no object. */
export function describe(headers: Headers, path: string): ObjectInfo {
  requireObject(headers, path);
  return {
    size: statedSize(headers['content-length']),
    modified: modifiedOf(headers),
    mimeType: headers['content-type'],
    etag: tagIn(headers),
    layout: isTrue(headers['x-static-large-object']) ? 'static' : headers['x-object-manifest'] ? 'dynamic' : 'plain',
    headers,
  };
}

export function fileEntry(
  { settings }: Pick<Store, 'settings'>,
  path: string,
  info: ObjectInfo,
  call: Call | undefined,
): FileEntry {
  const { size, mimeType, etag, layout, headers } = info;
  const modified = settings.usesServerTimes ? readDate(headers['last-modified']) : info.modified;
  // A large object's ETag is made from those of its segments.
  const hashes = layout === 'plain' && etag !== undefined ? { md5: etag } : undefined;
  const entry: FileEntry = { kind: 'file', path, size, modified, hashes, mimeType, tag: etag };
  return call?.attributes ? { ...entry, attributes: attributesIn(metadataPrefix, headers) } : entry;
}

const metadataPrefix = 'x-object-meta-';
const mtimeName = `${metadataPrefix}mtime`;

export function mtimeHeader(modified: Nanoseconds): Headers {
  return { [mtimeName]: formatSeconds(modified) };
}

/** Of Swift's 4,096 bytes for all metadata. */
export const attributeRoom = roomIn(12);

export function attributesHeaders(attributes: Uint8Array): Headers {
  return attributeHeaders(metadataPrefix, attributes);
}

// A POST replaces all of these: what is not sent again is gone.
const replaced = /^(x-object-|content-encoding$|content-disposition$|x-delete-at$)/;

/** Changes some of an object's metadata, by one POST: the bytes and all other metadata stay as they are. A dynamic large object
 *  that another takes the place of meanwhile gives that its segments: Failure('changed'). */
export async function changeMetadata(
  store: Store,
  target: Target,
  path: string,
  change: (kept: Headers) => Headers,
  call?: Call,
): Promise<void> {
  const found = await lookUpFile(store, target, path, call);
  const headers = change(keptHeaders(found.headers));
  const response = await store.service.send({ method: 'POST', target, path, headers, signal: call?.signal });
  await response.discard();
  if (found.layout === 'dynamic') requireTag((await lookUpFile(store, target, path, call)).etag, found.etag, path);
}

/** For `changeMetadata`. */
export function withAttributes(kept: Headers, attributes: Uint8Array): Headers {
  return { ...withoutAttributes(metadataPrefix, kept), ...attributesHeaders(attributes) };
}

/** The headers that a POST must repeat to keep what it does not change. */
function keptHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => replaced.test(name)));
}

/** The headers of an object that other bytes, or the same in other segments, are put for. */
export function headersForBytes({ headers, mimeType }: ObjectInfo): Headers {
  const { 'x-object-manifest': _, ...kept } = keptHeaders(headers);
  return { ...kept, 'content-type': mimeType ?? plainType };
}

function modifiedOf(headers: Headers): Nanoseconds | null {
  return parseSeconds(headers[mtimeName] ?? '') ?? readDate(headers['last-modified']);
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}
