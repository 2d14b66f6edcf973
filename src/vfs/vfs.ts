import type { Awaitable } from '../core/awaitable.ts';
import type { Nanoseconds } from '../core/entry.ts';
import type { Pending } from './content.ts';

/** A file or a folder for as long as the Vfs lives: renamed, it stays the same node; removed, it stays readable to
 *  whoever has it open. */
export interface Node {
  /** From 1, the root, up; never used again in one Vfs. */
  readonly id: number;
  readonly kind: 'file' | 'folder';
  /** Set for a file that is a symlink: it is read by `readLink`. */
  readonly isLink?: boolean;
}

export interface Attributes {
  readonly kind: Node['kind'];
  /** Bytes; 0 for a folder. */
  readonly size: number;
  readonly modified: Nanoseconds;
  readonly accessed: Nanoseconds;
  readonly changed: Nanoseconds;
  /** Permission bits alone. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** 0 once it has been removed. */
  readonly links: number;
}

export type AttributeChanges = Partial<Pick<Attributes, 'size' | 'mode' | 'uid' | 'gid' | 'modified' | 'accessed'>>;

/** Of one extended attribute. */
export interface ExtendedChange {
  /** Null removes it. */
  readonly value: Uint8Array | null;
  readonly mustBeNew?: boolean;
  readonly mustExist?: boolean;
}

export interface OpenMode {
  readonly read: boolean;
  readonly write: boolean;
  readonly truncate: boolean;
}

export interface Handle {
  readonly node: Node;
  /** Shorter than asked only at the end of the file. The bytes are the caller's own.
   *  Throws Failure('changed') where another version has taken the place of the one that was opened. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `Content.readNow`. */
  readNow(offset: number, length: number): readonly Uint8Array[] | null;
  /** As `Content.readSoon`. */
  readSoon(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array | null>;
  /** At 'end' behind all that others have written. `data` may be used again once it resolves. */
  write(offset: number | 'end', data: Uint8Array): Awaitable<void>;
  /** At each close(2): throws what became of the writes so far, as far as the cache mode lets it know. */
  flush(): Awaitable<void>;
  /** fsync(2). */
  sync(): Promise<void>;
  /** After the last close(2). Loses nothing that `flush` could not upload: see `Vfs.pending`. */
  close(): Awaitable<void>;
}

export interface FolderItem {
  readonly name: string;
  readonly node: Node;
}

/** Bytes and files of what lies behind the Vfs. */
export interface FileSystemUsage {
  readonly total: number;
  readonly free: number;
}

/** Something that others than this Vfs's callers did: what is remembered of this name, and of `node`'s attributes and
 *  content, is out of date. */
export interface Change {
  readonly folder: Node;
  readonly name: string;
  /** What stood there before; null where nothing did. */
  readonly node: Node | null;
}

/** A remote's folder as a tree of files that can be opened, read and written anywhere, renamed and removed.
 *  Names are as core/name-bytes.ts carries them. What is known already is answered, or refused, at once. What is thrown is
 *  Failure; a node of the wrong kind throws Failure('is-folder') or Failure('not-found'), anything that would change a
 *  read-only Vfs Failure('denied'). */
export interface Vfs extends AsyncDisposable {
  readonly root: Node;
  /** Null where there is nothing of that name. */
  lookup(folder: Node, name: string): Awaitable<Node | null>;
  attributes(node: Node): Awaitable<Attributes>;
  /** A snapshot, in no order to rely on. Throws Failure('folder-not-found') for a folder that has been removed. */
  list(folder: Node): Awaitable<readonly FolderItem[]>;
  /** `mode` as in `Attributes`; as the Vfs shows them where it is not given. Throws Failure('exists'). */
  makeFolder(folder: Node, name: string, mode?: number): Promise<Node>;
  /** Makes and opens an empty file. `mode` as for `makeFolder`. Throws Failure('exists'). */
  makeFile(folder: Node, name: string, how: OpenMode & { readonly mode?: number }): Awaitable<Handle>;
  /** Makes a symlink that leads to the path `target`, in bytes. Throws Failure('exists'), or 'unsupported'. */
  makeLink(folder: Node, name: string, target: Uint8Array): Promise<Node>;
  /** Where a symlink leads. */
  readLink(node: Node): Promise<Uint8Array>;
  /** Removes a file. Throws Failure('not-found') or Failure('is-folder'). */
  remove(folder: Node, name: string): Promise<void>;
  /** Throws Failure('not-empty'), 'folder-not-found', or 'exists' where a file stands. */
  removeFolder(folder: Node, name: string): Promise<void>;
  /** As rename(2), and with `how` renameat2(2): without `replace`, throws Failure('exists'); with `exchange` the two
   *  change places. */
  rename(
    folder: Node,
    name: string,
    toFolder: Node,
    toName: string,
    how: { readonly replace: boolean; readonly exchange?: boolean },
  ): Promise<void>;
  /** What the remote does not keep holds until the Vfs is disposed of: times of access, all of folders, and with some remotes
   *  modes and owners. Throws Failure('unsupported') for a time that the remote would lose, and where modes are not kept for
   *  the execute bit of a file that nobody has open. */
  setAttributes(node: Node, changes: AttributeChanges): Promise<Attributes>;
  /** Whether extended attributes are kept here. */
  readonly keepsExtended: boolean;
  extendedAttributes(node: Node): Awaitable<ReadonlyMap<string, Uint8Array>>;
  /** Throws Failure('unsupported') where none are kept, 'exists' and 'not-found' as the change asks, 'full' where the remote
   *  has no room. */
  setExtendedAttribute(node: Node, name: string, change: ExtendedChange): Promise<void>;
  open(node: Node, how: OpenMode): Promise<Handle>;
  /** Null where the store does not say. */
  usage(): Promise<FileSystemUsage | null>;
  /** Every folder is listed anew when it is next looked at. */
  invalidate(): void;
  /** Returns what ends it. */
  onChange(listener: (change: Change) => void): () => void;
  /** What is not on the remote yet. */
  pending(): Pending;
  /** Uploads all that is pending, open files too, trying again and again, and resolves when it stands on the remote. What no
   *  try can mend stays pending, with its failure. */
  drain(): Promise<void>;
}
