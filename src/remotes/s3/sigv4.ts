import { createHmac, hash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';

/** Keys that sign requests. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since 1970 from which they no longer hold; absent where they do not expire. */
  readonly expires?: number;
}

/** What a signature covers. */
export interface Signable {
  readonly method: string;
  /** Percent-encoded, with its leading slash. */
  readonly path: string;
  /** Percent-encoded `name=value` pairs in order of their names, joined by `&`. */
  readonly query: string;
  /** Lower-case names. Every one is signed; `host` must be among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex, or `unsignedPayload`. */
  readonly payload: string;
}

/** `now` in milliseconds since 1970. */
export type Signer = (request: Signable, credentials: Credentials, now: number) => Record<string, string>;

/** Tells the store that the body is not covered: TLS, or the MD5 of what arrived, vouches for it. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

const algorithm = 'AWS4-HMAC-SHA256';

/** AWS Signature Version 4 with the signature in the Authorization header. The signer answers with `request.headers` and
 *  those that it adds: the date, the payload's hash, the session token and the signature. The derived key is kept for its day.
 *  Source: "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference. */
export function createSigner(region: string): Signer {
  const keyOf = createKeyCache(region);
  const timeOf = createTimeCache();
  return (request, credentials, now) => {
    const date = timeOf(now);
    const day = date.slice(0, 8);
    // Not a spread: V8's runtime would make the object, property by property.
    const headers: Record<string, string> = { 'x-amz-content-sha256': request.payload, 'x-amz-date': date };
    for (const name in request.headers) headers[name] = request.headers[name] ?? '';
    if (credentials.sessionToken) headers['x-amz-security-token'] = credentials.sessionToken;
    const names = Object.keys(headers).sort();
    const signedHeaders = names.join(';');
    const scope = scopeOf(day, region);
    let lines = '';
    for (const name of names) lines += `${name}:${squeeze(headers[name] ?? '')}\n`;
    const canonical = `${request.method}\n${request.path}\n${request.query}\n${lines}\n${signedHeaders}\n${request.payload}`;
    const signature = signatureOf(keyOf(credentials, day), date, scope, canonical);
    headers.authorization = `${algorithm} Credential=${credentials.accessKeyId}/${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;
    return headers;
  };
}

interface ReadingAddress {
  readonly host: string;
  /** Percent-encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** The query of an address that lets whoever has it read an object for so many seconds: the signature is in it.
 *  `now` in milliseconds since 1970.
 *  Source: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" of the S3 API reference. */
export function presignedQuery(
  { host, path, query: own }: ReadingAddress,
  region: string,
  credentials: Credentials,
  now: number,
  seconds: number,
): string {
  const date = timeText(now);
  const day = date.slice(0, 8);
  const scope = scopeOf(day, region);
  const query = queryString({
    ...own,
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(seconds),
    ...(credentials.sessionToken && { 'X-Amz-Security-Token': credentials.sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  });
  const canonical = `GET\n${path}\n${query}\nhost:${host}\n\nhost\n${unsignedPayload}`;
  return `${query}&X-Amz-Signature=${signatureOf(signingKey(credentials, day, region), date, scope, canonical)}`;
}

function scopeOf(day: string, region: string): string {
  return `${day}/${region}/s3/aws4_request`;
}

function signatureOf(key: Buffer, date: string, scope: string, canonical: string): string {
  const text = `${algorithm}\n${date}\n${scope}\n${hash('sha256', canonical, 'hex')}`;
  return createHmac('sha256', key).update(text).digest('hex');
}

/** A header's value as it is signed: runs of spaces count as one. */
function squeeze(value: string): string {
  return value.includes('  ') || value.startsWith(' ') || value.endsWith(' ')
    ? value.trim().replace(/ {2,}/g, ' ')
    : value;
}

function createKeyCache(region: string) {
  let id = '';
  let key: Buffer = Buffer.alloc(0);
  return (credentials: Credentials, day: string): Buffer => {
    const wanted = `${day}/${credentials.accessKeyId}/${credentials.secretAccessKey}`;
    if (wanted !== id) {
      key = signingKey(credentials, day, region);
      id = wanted;
    }
    return key;
  };
}

function signingKey({ secretAccessKey }: Credentials, day: string, region: string): Buffer {
  return [day, region, 's3', 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Worked out once a second. */
function createTimeCache(): (now: number) => string {
  let second = Number.NaN;
  let text = '';
  return (now) => {
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      text = timeText(now);
    }
    return text;
  };
}

/** `20130524T000000Z` */
function timeText(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** Percent-encoded pairs in order of their names, as the signature asks. */
export function queryString(query: Readonly<Record<string, string>>): string {
  return Object.keys(query)
    .sort()
    .map((name) => `${uriEncode(name)}=${uriEncode(query[name] ?? '')}`)
    .join('&');
}

/** Percent-encodes all but RFC 3986's unreserved characters, as the signature asks. Throws Failure('usage') for a name that is no
 *  Unicode. */
export function uriEncode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text;
  if (!text.isWellFormed()) throw new Failure('usage', `the name "${text}" is not valid Unicode: S3 cannot hold it`);
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** `uriEncode` of each segment of a key. */
export function uriEncodePath(key: string): string {
  if (/^[\w.~/-]*$/.test(key)) return key;
  return uriEncode(key).replaceAll('%2F', '/');
}
