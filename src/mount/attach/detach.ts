import { Failure, messageOf } from '../../core/failure.ts';
import { runFusermount } from './fusermount.ts';
import { nativeCalls } from './native.ts';

const MNT_DETACH = 2;

/** Unmounts. False when programs are using the mount; with `isLazy` it then goes out of sight, and ends when they do.
 *  Throws Failure('usage') where there is nothing to unmount, Failure('denied'). */
export async function detach(mountPoint: string, isLazy: boolean): Promise<boolean> {
  return process.geteuid?.() === 0 ? detachAsRoot(mountPoint, isLazy) : detachAsUser(mountPoint, isLazy);
}

async function detachAsRoot(mountPoint: string, isLazy: boolean): Promise<boolean> {
  try {
    await nativeCalls().unmount(mountPoint, isLazy ? MNT_DETACH : 0);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EBUSY') return false;
    const kind = code === 'EINVAL' || code === 'ENOENT' ? 'usage' : 'denied';
    const what = kind === 'usage' ? 'nothing is mounted there' : messageOf(error);
    throw new Failure(kind, `cannot unmount ${mountPoint}: ${what}`, { path: mountPoint, cause: error });
  }
}

async function detachAsUser(mountPoint: string, isLazy: boolean): Promise<boolean> {
  const { code, stderr } = await runFusermount([isLazy ? '-uz' : '-u', '--', mountPoint]);
  if (code === 0) return true;
  if (/busy/i.test(stderr)) return false;
  throw new Failure('denied', `cannot unmount ${mountPoint}: ${stderr}`, { path: mountPoint });
}
