import { once } from 'node:events';
import type { Mounted } from '../../mount/transport.ts';
import type { Pending } from '../../vfs/content.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import type { Log } from '../log.ts';
import { describePending } from './pending-text.ts';

// How often a user hears what is still to be uploaded, in milliseconds.
const interval = 5000;

/** Waits for the end of a mount: unmounted by somebody, or `signal`, which unmounts it. Returns when all that was written
 *  stands on the remote, but for what no try can mend. */
export async function serve(
  mounted: Mounted,
  vfs: Vfs,
  mountPoint: string,
  log: Log,
  signal: AbortSignal,
): Promise<Pending> {
  try {
    await Promise.race([mounted.ended, aborted(signal)]);
    if (signal.aborted) await leave(mounted, mountPoint, log);
    await mounted.ended;
  } catch (error) {
    // Nobody would answer in the folder any more.
    await mounted.unmount(true).catch(() => {});
    await drain(vfs, log);
    throw error;
  }
  return drain(vfs, log);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

async function leave(mounted: Mounted, mountPoint: string, log: Log): Promise<void> {
  if (await mounted.unmount(false)) return;
  log.notice(
    mountPoint,
    'is in use by other programs: the mount ends when they have left it, or at once when asked again',
  );
  await mounted.unmount(true);
}

/** Uploads what is pending, and tells how far it is; returns what is left. */
async function drain(vfs: Vfs, log: Log): Promise<Pending> {
  const tell = (): void => {
    const pending = vfs.pending();
    if (pending.files > 0) log.notice('', `still to be uploaded: ${describePending(pending)}`);
  };
  tell();
  const ticker = setInterval(tell, interval);
  try {
    await vfs.drain();
  } finally {
    clearInterval(ticker);
  }
  const left = vfs.pending();
  for (const { path, message } of left.failures) log.error(path, `not uploaded: ${message}`);
  return left;
}
