import type { Awaitable } from '../../core/awaitable.ts';
import type { Entry, FileEntry } from '../../core/entry.ts';
import { isAbsence } from '../../core/failure.ts';
import { forEachParallel } from '../../core/parallel.ts';
import { joinPath } from '../../core/path.ts';
import { plainLength } from '../../formats/chunked.ts';
import { chunk, headerLength } from '../../formats/rclone-crypt/layout.ts';
import type { CryptRemote, Transition } from '../../remotes/crypt/as-crypt.ts';
import { isReserved } from '../../remotes/crypt/reserved.ts';
import { everything } from '../../transfer/filter/everything.ts';
import type { Session } from '../../transfer/session.ts';
import { walk } from '../../transfer/walk.ts';

/** What still has the previous passwords. */
export interface Leftovers {
  readonly files: number;
  /** Plain paths. */
  readonly folders: readonly string[];
}

/** Looks at everything that lies where the remote stands and calls `onFile` with the plain path and size of each file
 *  under the previous passwords, as it is found; with -1 for a size that no encrypted file has. */
export async function findLeftovers(
  session: Session,
  { base }: CryptRemote,
  transition: Transition,
  onFile: (path: string, size: number) => Awaitable<void>,
): Promise<Leftovers> {
  const { options, signal } = session;
  const folders: string[] = [];
  let files = 0;

  async function look(local: Entry): Promise<void> {
    if (isReserved(local.path)) return;
    const entry = { ...local, path: joinPath(base.path, local.path) };
    const found = await transition.sides.ofEntry(entry, { signal });
    if (!found) return;
    if (entry.kind === 'folder') {
      if (found.side === 'previous') folders.push(found.path);
    } else if (found.side === 'previous' || (await isOldWithin(session, transition, entry, found.path))) {
      files++;
      await onFile(found.path, openSize(transition, entry.size));
    }
  }

  const whole = { ...session, filter: everything, options: { ...options, fastList: true, maxDepth: -1 } };
  await walk(whole, base, (page) => forEachParallel(page, options.checkers, signal, look));
  return { files, folders };
}

// Reading a file of an impossible size will say what is wrong with it.
function openSize({ sides }: Transition, sealedSize: number): number {
  if (!sides.areInContent || sealedSize < 0) return sealedSize;
  return sealedSize < headerLength ? -1 : (plainLength(chunk, sealedSize - headerLength) ?? -1);
}

/** Whether a file whose name tells nothing has the previous passwords, or is damaged: then reading it will say so. */
async function isOldWithin(
  { signal }: Session,
  { sides, isShared, sideOfShared }: Transition,
  sealed: FileEntry,
  path: string,
): Promise<boolean> {
  if (!sides.areInContent || sealed.size === headerLength || !isShared(path)) return false;
  try {
    return (await sideOfShared(path, { signal })) !== 'current';
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
