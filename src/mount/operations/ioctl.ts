import { errno } from '../errno.ts';
import type { Operation, Operations } from '../operation.ts';
import { fuse_ioctl_in, fuse_ioctl_out } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { refusal } from '../protocol/reply.ts';
import { encodeStatus, statusCommand } from '../status.ts';

const control: Operation = ({ vfs, pid }, node, { body }) => {
  if (node.id !== vfs.root.id || fuse_ioctl_in.decode(body).cmd !== statusCommand) return refusal(errno.ENOTTY);
  const head = fuse_ioctl_out.encode({ result: 0, flags: 0, in_iovs: 0, out_iovs: 0 });
  return { errno: 0, parts: [head, encodeStatus({ pid, pending: vfs.pending() })] };
};

export const ioctlOperations: Operations = { [opcodes.FUSE_IOCTL]: control };
