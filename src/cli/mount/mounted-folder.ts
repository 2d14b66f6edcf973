import { Failure, messageOf } from '../../core/failure.ts';
import { clearing, resolveMountPoint } from '../../mount/attach/mount-point.ts';
import { mountAt } from '../../mount/attach/mount-table.ts';
import { readStatus, type Status } from '../../mount/status.ts';

/** A folder on which coffer is mounted. */
export interface MountedFolder {
  /** Absolute. */
  readonly mountPoint: string;
  /** As `allas-crypt:job_6`, or what --devname says. */
  readonly source: string;
}

/** Throws Failure('usage') where coffer has mounted nothing. */
export async function findMountedFolder(given: string): Promise<MountedFolder> {
  const mountPoint = await resolveMountPoint(given);
  const entry = await mountAt(mountPoint);
  if (entry?.type === 'fuse.coffer') return { mountPoint, source: entry.source };
  throw new Failure('usage', `${given}: coffer has mounted nothing there`, { path: given });
}

/** Null where the process behind the mount has ended. */
export async function statusOf({ mountPoint }: MountedFolder): Promise<Status | null> {
  try {
    return await readStatus(mountPoint);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTCONN' || code === 'ECONNABORTED') return null;
    throw new Failure('denied', `cannot ask the mount at ${mountPoint}: ${messageOf(error)}`, { cause: error });
  }
}

/** What to say of a mount whose process has ended. */
export function endedText(mountPoint: string): string {
  return `the program behind the mount has ended: ${clearing(mountPoint)} clears it`;
}
