import type { Awaitable } from '../../core/awaitable.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { createLock, type Lock } from '../lock.ts';
import type { RecordedBytes } from './record.ts';

/** How a content begins. */
export interface Beginning {
  readonly id: string;
  readonly path: string;
  /** Of the remote's version; null for a new file. */
  readonly entry: FileEntry | null;
  readonly size: number;
  readonly modified: Nanoseconds;
  readonly attributes: Uint8Array | null;
  readonly isDirty: boolean;
  /** Whether the cache folder has a record of it. */
  readonly isRecorded: boolean;
  /** Whether the remote may have it by an upload that a kill kept from being noted. */
  readonly mayHaveArrived: boolean;
  /** Bytes on the disk. */
  readonly diskSize: number;
  /** What the cache has of it. */
  load(): Awaitable<RecordedBytes>;
}

/** Where one content stands: what its parts share. */
export interface ContentState {
  readonly id: string;
  path: string;
  /** Of the remote's version; null while there is none. */
  entry: FileEntry | null;
  modified: Nanoseconds;
  attributes: Uint8Array | null;
  /** Counts what was done to it. A file that is not on the remote counts as one change, so that it is dirty from the start. */
  changes: number;
  /** How many of the changes the remote has. */
  uploadedChanges: number;
  /** Who have it open. */
  openers: number;
  isRemoved: boolean;
  isEnded: boolean;
  /** What changes the bytes, and uploads, one at a time. */
  readonly writing: Lock;
  /** What reads by the path, and what changes that. */
  readonly naming: Lock;
}

export function createState({ id, path, entry, modified, attributes, isDirty: isNew }: Beginning): ContentState {
  return {
    id,
    path,
    entry,
    modified,
    attributes,
    changes: isNew ? 1 : 0,
    uploadedChanges: 0,
    openers: 0,
    isRemoved: false,
    isEnded: false,
    writing: createLock(),
    naming: createLock(),
  };
}

/** Whether something is to be uploaded. */
export function isDirty({ isRemoved, changes, uploadedChanges }: ContentState): boolean {
  return !isRemoved && changes !== uploadedChanges;
}
