import { opcodes } from './protocol/opcodes.ts';
import type { RequestHeader } from './protocol/request.ts';

// About what somebody who may use the mount has opened already. libfuse lets the same ones pass (deny_others).
const ofOpenFiles: ReadonlySet<number> = new Set([
  opcodes.FUSE_INIT,
  opcodes.FUSE_READ,
  opcodes.FUSE_WRITE,
  opcodes.FUSE_FLUSH,
  opcodes.FUSE_FSYNC,
  opcodes.FUSE_RELEASE,
  opcodes.FUSE_READDIR,
  opcodes.FUSE_READDIRPLUS,
  opcodes.FUSE_FSYNCDIR,
  opcodes.FUSE_RELEASEDIR,
]);

/** --allow-root: the kernel knows only the mounter alone and everybody, so the rest is decided here. */
export function isAllowed(header: RequestHeader, allowedUsers: ReadonlySet<number> | null): boolean {
  return allowedUsers === null || allowedUsers.has(header.uid) || ofOpenFiles.has(header.opcode);
}
