import type { Awaitable } from '../core/awaitable.ts';
import type { FileEntry } from '../core/entry.ts';
import type { Location } from '../core/remote.ts';
import type { Backup } from './backup.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Session } from './session.ts';

/** `move` takes away from the source what arrived; `sync` deletes on the target what the source has not. */
export type TransferMode = 'copy' | 'sync' | 'move';

/** Takes what is to be copied, in turn. */
export interface TransferQueue {
  /** Resolves once there is room. `file` is what the task transfers. */
  add(task: () => Promise<void>, file: FileEntry): Awaitable<void>;
  /** Resolves when every task has ended. */
  drain(): Promise<void>;
}

/** What all steps of one transfer share. */
export interface Transfer {
  readonly session: Session;
  readonly from: Location;
  readonly to: Location;
  readonly mode: TransferMode;
  readonly queue: TransferQueue;
  /** Null where what is replaced or deleted need not be kept. */
  readonly backup: Backup | null;
  /** Null where only the target can hold a file already. */
  readonly elsewhere: Elsewhere | null;
}

/** A file in the target's store that holds what one of the source does, and is brought to its place in its stead. */
export interface Twin {
  /** As messages name it. */
  readonly path: string;
  readonly verb: 'copy' | 'move';
  /** The place is that of the source's file. Where it throws, the twin is where it was. */
  bring(isNew: boolean): Promise<void>;
}
