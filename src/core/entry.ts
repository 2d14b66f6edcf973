import type { HashType } from './hash.ts';

/** Nanoseconds since 1970, UTC. */
export type Nanoseconds = bigint;

/** What a file has beside its bytes and its name, under rclone's keys, in lower case. Values are bytes, as name-bytes.ts
 *  carries them. */
export type Metadata = ReadonlyMap<string, string>;

export interface FileEntry {
  readonly kind: 'file';
  /** From the remote's root, `/` between segments, no leading slash. */
  readonly path: string;
  /** Bytes; -1 when the store cannot tell. */
  readonly size: number;
  /** True where a listing estimated the size by what such files usually are like; `stat` tells the true one. */
  readonly isSizeEstimated?: boolean;
  /** Null where a listing does not carry it: ask `stat`. */
  readonly modified: Nanoseconds | null;
  readonly hashes?: Readonly<Partial<Record<HashType, string>>> | undefined;
  readonly mimeType?: string | undefined;
  /** What the store calls this state of the object; equal tags mean equal bytes. */
  readonly tag?: string | undefined;
  /** What is kept beside the bytes, as formats/file-attributes.ts encodes it; null for nothing. Only where `Call.attributes`
   *  asks for it, and the store has it at hand: where listings lack it, `stat` tells. */
  readonly attributes?: Uint8Array | null;
  /** Only where `Call.metadata` asks for it, and the remote has `Features.metadata`. */
  readonly metadata?: Metadata;
}

export interface FolderEntry {
  readonly kind: 'folder';
  readonly path: string;
  readonly modified: Nanoseconds | null;
  /** Bytes below it, and in how many files, where the store counts them, as Swift does for containers. A layer passes on
   *  what its base counts. */
  readonly size?: number;
  readonly items?: number;
}

export type Entry = FileEntry | FolderEntry;
