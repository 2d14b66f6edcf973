import type { Location } from '../core/remote.ts';
import type { Backup } from './backup.ts';
import type { Pool } from './pool.ts';
import type { Session } from './session.ts';

/** `move` takes away from the source what arrived; `sync` deletes on the target what the source has not. */
export type TransferMode = 'copy' | 'sync' | 'move';

/** What all steps of one transfer share. */
export interface Transfer {
  readonly session: Session;
  readonly from: Location;
  readonly to: Location;
  readonly mode: TransferMode;
  /** Takes what is to be copied, in turn. */
  readonly pool: Pool;
  /** Null where what is replaced or deleted need not be kept. */
  readonly backup: Backup | null;
}
