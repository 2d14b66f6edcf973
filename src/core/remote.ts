import type { BucketControl } from './access.ts';
import type { Bytes, Range, Source } from './bytes.ts';
import type { Entry, FileEntry, Metadata, Nanoseconds } from './entry.ts';
import type { HashType } from './hash.ts';

export interface Call {
  readonly signal?: AbortSignal;
  /** Whether entries are to carry `attributes`. */
  readonly attributes?: boolean;
  /** Whether files are to carry `metadata` too, with `attributes`: `stat` and `open` tell it, listings do not. */
  readonly metadata?: boolean;
  /** Told how many bytes more are done, by a copy that takes long. */
  readonly onBytes?: (length: number) => void;
  /** Told by remotes over a network: true when a request may reach the store that writes or copies the file; false by a write
   *  that has read all of the file and sent nothing. */
  readonly onSending?: ((isSending: boolean) => void) | undefined;
  /** What a listing may have begun with before it was asked for. */
  readonly ahead?: ListAhead | null;
  /** True where the caller has just seen the file that it removes: a store need not look whether it is there. */
  readonly isSeen?: boolean;
}

/** Of a call that is to tell all that is kept beside a file's bytes. */
export const askingMetadata = { attributes: true, metadata: true } as const satisfies Call;

/** A folder is listed alone, or with all that is below it. */
export type ListMethod = 'list' | 'walk';

/** Listings of a tree that begin before anybody can ask for them: while a layer over it opens. Made by a caller that opens a
 *  remote to list all of it at once, and disposed when that is done. */
export interface ListAhead extends AsyncDisposable {
  /** Lists the folder `root` and those below it, in one sweep or one after the other, until `until` settles or enough is held. */
  begin(root: Location, until: Promise<unknown>): void;
  /** What `remote[method](dir)` would give, where that listing has begun. Each can be taken once. */
  take(remote: Remote, dir: string, method: ListMethod): AsyncIterable<readonly Entry[]> | null;
}

export interface Features {
  /** Hashes that `hash` answers. Empty for a layer that changes the bytes. */
  readonly hashes: readonly HashType[];
  /** True where a hash costs reading the whole file. */
  readonly slowHashes: boolean;
  /** Smallest step of a stored modification time, in nanoseconds; null where none is kept. */
  readonly modifiedPrecision: Nanoseconds | null;
  /** True where listings carry each file's modification time. */
  readonly listsModified: boolean;
  /** True where listings carry each file's MIME type, or the store keeps none. */
  readonly listsMimeTypes: boolean;
  /** True where a folder exists without a file in it. */
  readonly emptyFolders: boolean;
  /** True where the first segment of a path is a bucket. */
  readonly buckets: boolean;
  /** True where files have metadata as rclone shows it and sets it. Absent where they have attributes only, or none. */
  readonly metadata?: boolean;
}

export interface WriteInfo {
  readonly modified?: Nanoseconds | undefined;
  readonly mimeType?: string | undefined;
  /** As `FileEntry.attributes`, of at most `Remote.attributeRoom` bytes. Not given, the file has none. */
  readonly attributes?: Uint8Array | undefined;
  /** Only where there is `Features.metadata`. What the store cannot keep is left out. */
  readonly metadata?: Metadata | undefined;
  /** True when the caller has just seen in a listing that nothing stands there: a store need not look what it replaces. */
  readonly isNew?: boolean | undefined;
  /** True when the original will be deleted next: a disk then makes this copy safe from a power cut before `write` resolves. */
  readonly isLasting?: boolean | undefined;
}

/** Bytes used, free and in all; absent where the store does not say. */
export interface Usage {
  readonly total?: number;
  readonly used?: number;
  readonly free?: number;
  readonly objects?: number;
}

/** Other bytes for the front of a file. */
export interface NewStart {
  /** How many bytes of the file they take the place of. */
  readonly length: number;
  readonly bytes: Uint8Array;
  /** The tag that the file had when they were worked out. */
  readonly tag: string | undefined;
}

/** A file that is being read: what the store says of it, and its bytes. Disposing it ends the reading early. */
export interface OpenedFile extends AsyncDisposable {
  readonly entry: FileEntry;
  /** To be read once. */
  readonly bytes: Bytes;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A file that is kept open for small reads here and there, each of which is done when the call returns: a shortcut for a
 *  disk that answers quickly. Everything out of the ordinary is left to `read` and `stat`. */
export interface AtHand {
  /** As it was when it was opened. */
  readonly entry: FileEntry;
  /** Fills `out` with the bytes from `start` on. False, with any bytes in `out`, where that would take a while, where it
   *  fails, and once the file at the path is another one or was changed, which is looked at after the bytes are read. */
  fill(out: Uint8Array, start: number): boolean;
  close(): void;
}

/** One storage, or one layer over another. Paths run from the store's root, `/` between segments, no leading slash;
 *  '' is the root. Every method throws `Failure`. Absent optional methods are things that the store cannot do on its own side. */
export interface Remote extends AsyncDisposable {
  /** What messages call it: `allas-crypt:`. */
  readonly label: string;
  readonly features: Features;
  /** One folder's entries, page by page, in the store's order.
   *  Throws Failure('folder-not-found') where the store knows that there is none (a missing bucket, a missing directory). */
  list(dir: string, call?: Call): AsyncIterable<readonly Entry[]>;
  /** The whole tree below `dir` in one sweep, folders included only where the store has them. */
  walk?(dir: string, call?: Call): AsyncIterable<readonly Entry[]>;
  /** The file at `path`, with its modification time. Throws Failure('not-found') or Failure('is-folder'). */
  stat(path: string, call?: Call): Promise<FileEntry>;
  /** The bytes of `range`, whole or an error: a body that ends early throws. */
  read(path: string, range?: Range, call?: Call): Bytes;
  /** `stat` and `read` in one request, for stores whose listings do not tell all. The bytes are held against no hash. */
  open?(path: string, call?: Call): Promise<OpenedFile>;
  /** Null where it is not at hand now, or is no file. */
  atHand?(path: string): AtHand | null;
  /** All or nothing: until it resolves the old object stands, and a failure leaves it standing. Makes parents and the bucket. */
  write(path: string, source: Source, info: WriteInfo, call?: Call): Promise<FileEntry>;
  /** Throws Failure('not-found'). */
  remove(path: string, call?: Call): Promise<void>;
  /** With its parents; not an error where it exists. A no-op where folders are only prefixes. */
  makeDir(path: string, call?: Call): Promise<void>;
  /** Throws Failure('not-empty') or Failure('folder-not-found'). A no-op where folders are only prefixes. */
  removeDir(path: string, call?: Call): Promise<void>;
  /** Throws Failure('too-large') where nothing can be written at `path` because it is too long. Asks no server. */
  checkPath?(path: string): Promise<void>;
  /** Null where the store does not know this object's hash. */
  hash?(path: string, type: HashType, call?: Call): Promise<string | null>;
  setModified?(path: string, modified: Nanoseconds, call?: Call): Promise<void>;
  /** Most bytes of attributes that a file in `dir` can have; 0 where it can have none. Absent: none anywhere. */
  attributeRoom?(dir: string, call?: Call): Promise<number>;
  /** Replaces those that the file has. Absent where there is no `attributeRoom`. */
  setAttributes?(path: string, attributes: Uint8Array, call?: Call): Promise<void>;
  /** With its time and attributes, as a move. */
  copy?(from: string, to: string, call?: Call): Promise<FileEntry>;
  move?(from: string, to: string, call?: Call): Promise<FileEntry>;
  /** Renames a folder with all below it. Throws Failure('exists') where anything stands at `to`,
   *  Failure('unsupported') where only file by file will do. */
  moveDir?(from: string, to: string, call?: Call): Promise<void>;
  /** Puts other bytes in place of those at the front of a file, which keeps its metadata and its time. All or nothing, as
   *  `write`; true where the store itself moved most of the rest. Throws Failure('changed') for another file than the
   *  one with this tag. */
  replaceStart?(path: string, start: NewStart, call?: Call): Promise<{ readonly isMovedByStore: boolean }>;
  /** Removes a folder and all below it. */
  purge?(dir: string, call?: Call): Promise<void>;
  /** Removes what is left below `dir` of uploads that began more than `age` milliseconds ago and were never finished. */
  cleanUp?(dir: string, age: number, call?: Call): Promise<void>;
  /** Of the disk or account that holds the folder `dir`. */
  about?(dir: string, call?: Call): Promise<Usage>;
  /** An address from which anybody can read the file as it is stored, for `life` milliseconds or as long as the store lets it.
   *  Throws Failure('not-found'). */
  link?(path: string, life: number, call?: Call): Promise<string>;
  /** Who may reach the bucket that holds `path`. Throws Failure('usage') where `path` is in none. */
  access?(path: string): BucketControl;
  /** Whether names in `dir` that differ only by case or normal form are one file. Absent: they never are. */
  foldsNames?(dir: string): Promise<boolean>;
}

/** A place in a remote. Aliases and wrapped roots resolve to one, so equal `remote`s mean the same store. */
export interface Location {
  readonly remote: Remote;
  readonly path: string;
}
