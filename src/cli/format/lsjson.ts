import type { Entry, Metadata, Nanoseconds } from '../../core/entry.ts';
import { hashTypes } from '../../core/hash.ts';
import { spelledOut } from '../../core/json.ts';
import { baseName, comparePaths } from '../../core/path.ts';
import { formatRfc3339 } from '../../core/rfc3339.ts';

export interface LsjsonOptions {
  /** Digits of a second's fraction, or null for `--no-modtime`. */
  readonly timeDigits: number | null;
  /** Stands where a store keeps no time, as for the folders of an object store. */
  readonly unknownTime: Nanoseconds;
  /** Null for `--no-mimetype`. */
  readonly mimeType: ((entry: Entry) => string) | null;
  /** With `--encrypted`: the path as the store sees it. */
  readonly encryptedPath: ((entry: Entry) => string) | null;
  /** With `--hash`: the entries carry what is to be shown. */
  readonly hashes: boolean;
  /** The listing is of a bucket store's root: its folders are buckets. */
  readonly ofBuckets: boolean;
}

/** One item of `lsjson`, its keys in rclone's order. */
export interface LsjsonItem {
  readonly Path: string;
  readonly Name: string;
  readonly EncryptedPath?: string;
  readonly Encrypted?: string;
  readonly Size: number;
  readonly MimeType?: string;
  readonly ModTime: string;
  readonly IsDir: boolean;
  readonly Hashes?: Readonly<Record<string, string>>;
  readonly IsBucket?: true;
  readonly Metadata?: Readonly<Record<string, string>>;
}

export function lsjsonItem(entry: Entry, options: LsjsonOptions): LsjsonItem {
  const encryptedPath = options.encryptedPath?.(entry) ?? '';
  const mimeType = options.mimeType?.(entry) ?? '';
  const hashes = options.hashes ? knownHashes(entry) : [];
  const time = entry.modified ?? options.unknownTime;
  return {
    Path: entry.path,
    Name: baseName(entry.path),
    ...(encryptedPath && { EncryptedPath: encryptedPath, Encrypted: baseName(encryptedPath) }),
    Size: entry.size ?? -1,
    ...(mimeType && { MimeType: mimeType }),
    ModTime: options.timeDigits === null ? '' : formatRfc3339(time, options.timeDigits),
    IsDir: entry.kind === 'folder',
    ...(hashes.length > 0 && { Hashes: Object.fromEntries(hashes) }),
    ...(entry.kind === 'folder' && options.ofBuckets && { IsBucket: true as const }),
    ...(entry.kind === 'file' && entry.metadata?.size && { Metadata: metadataObject(entry.metadata) }),
  };
}

/** Sorted by keys, as Go writes maps. */
export function metadataObject(metadata: Metadata): Readonly<Record<string, string>> {
  return Object.fromEntries([...metadata].sort(([one], [other]) => comparePaths(one, other)));
}

/** JSON as Go writes it, `<`, `>` and `&` escaped: on one line, or with `indent` as `lsjson --stat` prints it. */
export function toGoJson(value: unknown, indent = ''): string {
  return JSON.stringify(value, null, indent).replace(/[<>&\u2028\u2029]|\\ud[89a-f]..|\\./g, goEscape);
}

// JSON.stringify has short escapes for two control characters that Go writes in full, and tells which bytes are no text.
function goEscape(text: string): string {
  if (text === '\\b') return '\\u0008';
  if (text === '\\f') return '\\u000c';
  if (text.length === 6) return '\\ufffd';
  return text.startsWith('\\') ? text : spelledOut(text);
}

function knownHashes(entry: Entry): [string, string][] {
  if (entry.kind === 'folder') return [];
  return hashTypes.flatMap((type): [string, string][] => {
    const hash = entry.hashes?.[type];
    return hash ? [[type, hash]] : [];
  });
}
