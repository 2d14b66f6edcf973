import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { codeOf, Failure } from '../core/failure.ts';
import { objectIn, parseJson } from '../core/json.ts';
import type { Pending, PendingFailure } from '../vfs/content.ts';
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

/** `room` is the length of what is returned. */
export function encodeStatus(status: Status, room = size): Uint8Array {
  const bytes = new Uint8Array(room);
  const { failures } = status.pending;
  for (let count = failures.length; ; count = Math.floor(count / 2)) {
    const shown = { ...status, pending: { ...status.pending, failures: failures.slice(0, count) } };
    const text = new TextEncoder().encode(JSON.stringify(shown));
    if (text.length >= room && count > 0) continue;
    bytes.set(text);
    return bytes;
  }
}

/** Throws Failure('unsupported') for what this build does not understand: another one may serve the mount. */
export function decodeStatus(bytes: Uint8Array): Status {
  const status = parseJson(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))));
  if (isStatus(status)) return status;
  throw new Failure('unsupported', 'it runs another version of coffer, whose answer cannot be read');
}

/** Asks the mount at `mountPoint`. Throws errors like Node's own: ENOTCONN where its process has ended, ENOTTY where it is
 *  no mount of ours; and what `decodeStatus` throws. Not for the process that serves the mount: it would wait for itself. */
export async function readStatus(mountPoint: string): Promise<Status> {
  const folder = await open(mountPoint, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const bytes = new Uint8Array(size);
    ask(folder.fd, bytes);
    return decodeStatus(bytes);
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

function isStatus(value: unknown): value is Status {
  const { pid, pending } = objectIn(value);
  const { files, bytes, failures } = objectIn(pending);
  const areCounts = [pid, files, bytes].every((count) => Number.isSafeInteger(count));
  return areCounts && Array.isArray(failures) && failures.every(isPendingFailure);
}

function isPendingFailure(value: unknown): value is PendingFailure {
  const { path, message } = objectIn(value);
  return typeof path === 'string' && typeof message === 'string';
}
