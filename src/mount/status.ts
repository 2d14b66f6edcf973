import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf } from '../core/failure.ts';
import type { Pending } from '../vfs/content.ts';
import { nativeCalls } from './attach/native.ts';

/** What a mount tells of itself. */
export interface Status {
  /** The process that serves it. */
  readonly pid: number;
  /** What is not on the remote yet; of very many failures the first. */
  readonly pending: Pending;
}

/** Bytes of a status: JSON, then zeros. */
const size = 8192;

/** The ioctl(2) of the mounted folder that asks for it: _IOR('c', 1, char[8192]) of <linux/ioctl.h>. */
export const statusCommand = 2 * 2 ** 30 + size * 2 ** 16 + 'c'.charCodeAt(0) * 2 ** 8 + 1;

/** The extended attribute of the mounted folder that tells the same, where the transport lets no ioctl(2) through. */
export const statusAttribute = 'user.coffer.status';

export function encodeStatus(status: Status): Uint8Array {
  const bytes = new Uint8Array(size);
  const { failures } = status.pending;
  for (let count = failures.length; ; count = Math.floor(count / 2)) {
    const shown = { ...status, pending: { ...status.pending, failures: failures.slice(0, count) } };
    const text = new TextEncoder().encode(JSON.stringify(shown));
    if (text.length >= size && count > 0) continue;
    bytes.set(text);
    return bytes;
  }
}

/** Asks the mount at `mountPoint`. Throws errors like Node's own: ENOTCONN where its process has ended, ENOTTY where it is
 *  no mount of ours. Not for the process that serves the mount: it would wait for itself. */
export async function readStatus(mountPoint: string): Promise<Status> {
  const folder = await open(mountPoint, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const bytes = new Uint8Array(size);
    ask(folder.fd, bytes);
    return JSON.parse(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)))) as Status;
  } finally {
    await folder.close();
  }
}

function ask(fd: number, bytes: Uint8Array): void {
  const { ioctl, getAttribute } = nativeCalls();
  try {
    ioctl(fd, statusCommand, bytes);
  } catch (error) {
    if (codeOf(error) !== 'ENOTTY') throw error;
    try {
      getAttribute(fd, statusAttribute, bytes);
    } catch {
      throw error;
    }
  }
}
