import { viewOf } from '../../core/bytes.ts';
import { errno } from '../errno.ts';
import { farewellCommand } from '../farewell.ts';
import type { Operation, Operations } from '../operation.ts';
import { fuse_ioctl_in, fuse_ioctl_out } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { type Reply, refusal } from '../protocol/reply.ts';
import { i32 } from '../protocol/struct.ts';
import { encodeStatus, statusCommand } from '../status.ts';

const control: Operation = ({ vfs, pid, farewell }, node, { header, body }) => {
  const { cmd } = fuse_ioctl_in.decode(body);
  if (node.id !== vfs.root.id) return refusal(errno.ENOTTY);
  if (cmd === statusCommand) return result(encodeStatus({ pid, pending: vfs.pending() }));
  if (cmd !== farewellCommand) return refusal(errno.ENOTTY);
  // We may write where another user may not.
  const isOwn = header.uid === process.geteuid?.();
  const fd = i32.read(viewOf(body), fuse_ioctl_in.size);
  return isOwn && farewell.add(header.pid, fd) ? result() : refusal(errno.EPERM);
};

function result(...given: readonly Uint8Array[]): Reply {
  const head = fuse_ioctl_out.encode({ result: 0, flags: 0, in_iovs: 0, out_iovs: 0 });
  return { errno: 0, parts: [head, ...given] };
}

export const ioctlOperations: Operations = { [opcodes.FUSE_IOCTL]: control };
