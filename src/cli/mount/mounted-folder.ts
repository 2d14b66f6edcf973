import { codeOf, Failure, messageOf } from '../../core/failure.ts';
import { comparePaths } from '../../core/path.ts';
import { clearing, refuseSilent, resolveMountPoint } from '../../mount/attach/mount-point.ts';
import { type MountEntry, mountAt, mountTable } from '../../mount/attach/mount-table.ts';
import { readStatus, type Status } from '../../mount/status.ts';

/** A folder on which coffer is mounted. */
export interface MountedFolder {
  /** Absolute. */
  readonly mountPoint: string;
  /** As `allas-crypt:job_6`, or what --devname says. */
  readonly source: string;
}

/** A mount that was asked for its status; `problem` tells why there is none. */
export type Asked =
  | { readonly folder: MountedFolder; readonly status: Status; readonly problem?: undefined }
  | { readonly folder: MountedFolder; readonly status?: undefined; readonly problem: string };

/** Throws Failure('usage') where coffer has mounted nothing. */
export async function findMountedFolder(given: string): Promise<MountedFolder> {
  const mountPoint = await resolveMountPoint(given);
  const entry = await mountAt(mountPoint);
  if (entry && isOurs(entry)) return { mountPoint, source: entry.source };
  throw new Failure('usage', `${given}: is not mounted by coffer: \`coffer mount status\` shows what is`, {
    path: given,
  });
}

/** Null where the process behind the mount has ended. Throws Failure('denied'), and Failure('fatal') where it stands still. */
export async function statusOf({ mountPoint }: MountedFolder): Promise<Status | null> {
  await refuseSilent(mountPoint);
  try {
    return await readStatus(mountPoint);
  } catch (error) {
    if (['ENOTCONN', 'ECONNABORTED'].includes(codeOf(error))) return null;
    throw new Failure('denied', `cannot ask the mount at ${mountPoint}: ${messageOf(error)}`, { cause: error });
  }
}

/** The same of all that this user has mounted, as far as it is still there when it is asked. */
export async function allStatuses(): Promise<readonly Asked[]> {
  const asked = (await mountedFolders()).map(async (folder) => {
    try {
      const status = await statusOf(folder);
      return [status ? { folder, status } : { folder, problem: endedText(folder.mountPoint) }];
    } catch (error) {
      const there = await mountAt(folder.mountPoint);
      return there && isOurs(there) ? [{ folder, problem: messageOf(error) }] : [];
    }
  });
  return (await Promise.all(asked)).flat();
}

/** What to say of a mount whose process has ended. */
export function endedText(mountPoint: string): string {
  return `the program behind the mount has ended: ${clearing(mountPoint)} clears it`;
}

/** All that this user has mounted, by path. Nobody else may ask the mounts of others, not even root. */
async function mountedFolders(): Promise<readonly MountedFolder[]> {
  const table = await mountTable();
  const topmost = new Map(table.map((entry) => [entry.mountPoint, entry]));
  return [...topmost.values()]
    .filter((entry) => isOurs(entry) && entry.userId === process.getuid?.())
    .map(({ mountPoint, source }) => ({ mountPoint, source }))
    .sort((a, b) => comparePaths(a.mountPoint, b.mountPoint));
}

function isOurs({ type }: MountEntry): boolean {
  return type === 'fuse.coffer';
}
