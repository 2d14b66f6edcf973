import { writeFile } from 'node:fs/promises';
import { mountAt } from './mount-table.ts';

// In KiB. The kernel begins with 128 of any mount by FUSE: each of its requests costs it, us and the reader a switch.
const readAhead = 512;

/** Has the kernel ask for more at once where somebody reads a file through: docs/decisions/0265-kernel-reads-ahead.md. To
 *  be called when the mount answers. Root alone may, in a container often not even root: then it stays as it was. */
export async function raiseReadAhead(mountPoint: string): Promise<void> {
  try {
    const mounted = await mountAt(mountPoint);
    if (mounted) await writeFile(`/sys/class/bdi/${mounted.device}/read_ahead_kb`, `${readAhead}`, { flag: 'r+' });
  } catch {
    // Quicker is all that it makes a mount.
  }
}
