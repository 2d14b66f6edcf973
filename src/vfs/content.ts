import type { Awaitable } from '../core/awaitable.ts';
import type { FileEntry, Nanoseconds } from '../core/entry.ts';

/** The bytes of one file while it is open or not yet uploaded. Everyone who has the file open shares one. */
export interface Content {
  /** On the remote. */
  readonly path: string;
  /** Bytes, all writes counted. */
  readonly size: number;
  /** Of the last write, or as `setModified` set it. */
  readonly modified: Nanoseconds;
  /** As `FileEntry.attributes`: of the remote's version, or as `setAttributes` set them. */
  readonly attributes: Uint8Array | null;
  /** Whether something of it is not on the remote yet: bytes, or the file itself. */
  readonly isDirty: boolean;
  /** The version on the remote that this was opened from or last uploaded as; null while there is none. */
  readonly entry: FileEntry | null;
  /** Shorter than asked only at the end; bytes of the caller's own. Throws Failure('changed') rather than give bytes of
   *  another version than `entry`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** What `read` would give, in parts, if all of it is in memory or at hand (`Remote.atHand`); otherwise null. Good until
   *  something is awaited or called that may change the file, or forget a part of it. */
  readNow(offset: number, length: number): readonly Uint8Array[] | null;
  /** Fetches what `readNow` will give. Null once it is in memory, for a moment: ask `readNow` again at once. Otherwise the
   *  bytes, as `read` gives them. */
  readSoon(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  /** Sets `modified` to now. */
  write(offset: number | 'end', data: Uint8Array): Awaitable<void>;
  /** Cuts or fills with zeros. Sets `modified` to now. */
  truncate(size: number): Awaitable<void>;
  /** With the next upload where it is dirty, else on the remote. Throws Failure('unsupported') where that cannot. */
  setModified(modified: Nanoseconds): Awaitable<void>;
  /** With the next upload where it is dirty, else on the remote. */
  setAttributes(attributes: Uint8Array): Awaitable<void>;
  /** At each close(2): without a cache that outlives the process, uploads; throws why that failed, and goes on trying. */
  flush(): Awaitable<void>;
  /** fsync(2). */
  sync(): Promise<void>;
  /** Stops an upload that runs, and keeps reads of the remote and uploads from starting: the file is about to be renamed
   *  or removed. `entry` tells then what the remote has. */
  hold(): Promise<Hold>;
  /** Fetches what is still to be read of the remote's version, which is about to go. To be called while it is held. */
  fetch(): Promise<void>;
  /** One more has it open; nobody has at first. */
  retain(): void;
  /** To be set by whoever holds it: a store may call it once nobody has it open and nothing is left to upload. */
  onIdle: (() => void) | null;
  /** One who had it open is gone: a `writer` makes what is dirty due, whoever else has it open. What is dirty stays with the
   *  store until it is uploaded. */
  release(as?: Opener): Awaitable<void>;
}

/** Who has a content open: a `reader` has changed nothing. */
export type Opener = 'reader' | 'writer';

/** A rename that the remote is asked for. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** What it has at `from` before. */
  readonly entry: FileEntry;
  /** What it has at `to` before. */
  readonly replaced: FileEntry | null;
}

/** To be ended by exactly one of `resume`, `moved` and `removed`. */
export interface Hold {
  /** To be called before the remote is asked for a rename, of this file or of another to its path: should the process end
   *  meanwhile, the next one finds out what came of it. One of the others is to follow. */
  moving(move: Move): Promise<void>;
  /** Nothing came of it. */
  resume(): void;
  /** The file goes by another path now; `entry` is what the remote has there, null while there is none. Where the remote
   *  had nothing of this content before, that is an older file which the next upload replaces. */
  moved(path: string, entry: FileEntry | null): Promise<void>;
  /** The file has no name any more: nothing of it is uploaded, who has it open goes on with it. */
  removed(): Promise<void>;
}

export interface PendingFailure {
  readonly path: string;
  readonly message: string;
}

/** What is not on the remote yet. */
export interface Pending {
  readonly files: number;
  readonly bytes: number;
  /** The last failure of each file that is tried again. */
  readonly failures: readonly PendingFailure[];
}

/** Where the bytes of open files are: on the remote alone, or in a cache before it. The caller keeps a content while
 *  somebody has it open or it `isDirty`, and asks for no other one of the same file until then. */
export interface ContentStore extends AsyncDisposable {
  /** Of a file as the remote has it, `entry.modified` filled in. */
  open(entry: FileEntry): Content;
  /** Of a new file, empty and dirty. */
  create(path: string): Content;
  /** To be called before the remote is asked for a rename that takes it more than one step, and what is returned when that has
   *  ended: should the process end meanwhile, the next one finishes what was begun. */
  noteMove(move: Move): Promise<() => Promise<void>>;
  /** What an earlier run left to upload. */
  recovered(): readonly Content[];
  pending(): Pending;
  /** As `Vfs.drain`. */
  drain(): Promise<void>;
}
