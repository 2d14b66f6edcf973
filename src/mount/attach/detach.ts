import { Failure } from '../../core/failure.ts';
import { runFusermount, runUmount } from './system-program.ts';

// macOS has no lazy way.
const forced = process.platform === 'darwin' ? '-f' : '-l';

/** Unmounts. False when programs are using the mount; with `isLazy` it then goes out of sight, and ends when they do.
 *  Throws Failure('denied').
 *
 *  By programs, not umount2(2): the kernel may ask the process that serves the mount before it lets go, and what a call in
 *  another thread fails with can't be told here. */
export async function detach(mountPoint: string, isLazy: boolean): Promise<boolean> {
  const { code, stderr } =
    process.geteuid?.() === 0 || process.platform === 'darwin'
      ? await runUmount([...(isLazy ? [forced] : []), '--', mountPoint])
      : await runFusermount([isLazy ? '-uz' : '-u', '--', mountPoint]);
  // Somebody else was quicker.
  if (code === 0 || /not mounted|not found in/i.test(stderr)) return true;
  if (/busy/i.test(stderr)) return false;
  throw new Failure('denied', `cannot unmount ${mountPoint}: ${stderr}`, { path: mountPoint });
}
