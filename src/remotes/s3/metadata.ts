import type { Metadata } from '../../core/entry.ts';
import { formatRfc3339 } from '../../core/rfc3339.ts';
import { parseSeconds } from '../../core/seconds.ts';
import { withoutAttributes } from '../http/attribute-headers.ts';
import { isHeader } from '../http/head.ts';
import type { Store } from './store.ts';

type Headers = Readonly<Record<string, string>>;

export const metadataPrefix = 'x-amz-meta-';
export const mtimeHeader = `${metadataPrefix}mtime`;
/** Where rclone keeps the MD5 of an object whose ETag is none. */
export const md5Header = `${metadataPrefix}md5chksum`;

const systemHeaders = ['cache-control', 'content-disposition', 'content-encoding', 'content-language'];
const settable = new Set([...systemHeaders, 'content-type', 'x-amz-tagging']);

/** What rclone shows of an object's headers. What a mount keeps there stands in its attributes. */
export function metadataIn({ options }: Store, headers: Headers): Metadata {
  const metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(withoutAttributes(metadataPrefix, headers))) {
    if (name.startsWith(metadataPrefix) && name !== mtimeHeader && name !== md5Header) {
      metadata.set(name.slice(metadataPrefix.length), value);
    }
  }
  const modified = parseSeconds(headers[mtimeHeader] ?? '');
  if (modified !== null) metadata.set('mtime', formatRfc3339(modified));
  const set = (key: string, value: string | undefined): void => {
    if (value) metadata.set(key, value);
  };
  set('content-type', headers['content-type']);
  set('btime', utcTime(headers['last-modified']));
  if (options.no_system_metadata) return metadata;
  for (const name of systemHeaders) set(name, headers[name]);
  set('tier', headers['x-amz-storage-class']);
  return metadata;
}

/** The headers that give an object its metadata, but for its time. What no header can hold is told and left out. */
export function metadataHeaders({ options, report }: Store, metadata: Metadata, path: string): Headers {
  const headers: Record<string, string> = {};
  for (const [key, value] of metadata) {
    // An object gets its storage class by an option, and its time with the write.
    if (key === 'mtime' || (key === 'tier' && !options.no_system_metadata)) continue;
    const isSystem = settable.has(key) && !options.no_system_metadata;
    if (!isHeader(key, '')) report.error(path, `Dropping invalid metadata key ${JSON.stringify(key)}`);
    else if (!isHeader(key, value)) {
      report.error(path, `Dropping invalid metadata value ${JSON.stringify(value)} for key "${key}"`);
    } else headers[isSystem ? key : metadataPrefix + key] = value;
  }
  return headers;
}

function utcTime(httpDate = ''): string | undefined {
  const milliseconds = Date.parse(httpDate);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}
