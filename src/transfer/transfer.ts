import type { Awaitable } from '../core/awaitable.ts';
import type { FileEntry } from '../core/entry.ts';
import type { Location } from '../core/remote.ts';
import type { Backup } from './backup.ts';
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
}
