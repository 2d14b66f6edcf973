import { messageOf } from '../core/failure.ts';
import { nameToBytes } from '../core/name-bytes.ts';
import type { Report } from '../core/report.ts';
import type { Change } from '../vfs/vfs.ts';
import type { Device } from './device.ts';
import type { NodeTable } from './nodes.ts';
import { fuse_notify_inval_entry_out, fuse_notify_inval_inode_out } from './protocol/messages.ts';
import { notifyCodes } from './protocol/opcodes.ts';
import { encodeReply } from './protocol/reply.ts';

const end = new Uint8Array(1);

/** Makes the kernel forget what has changed behind its back, one change after the other. */
export function createInvalidation(device: Device, nodes: NodeTable, report: Report): (change: Change) => void {
  let last: Promise<void> = Promise.resolve();
  const notify = (code: number, parts: readonly Uint8Array[]): void => {
    last = last
      .then(() => device.notify(encodeReply(0, code, parts)))
      .catch((error) => report.debug('', `cannot tell the kernel of a change: ${messageOf(error)}`));
  };
  return ({ folder, name, node }) => {
    if (nodes.get(folder.id)) {
      const bytes = nameToBytes(name);
      const about = fuse_notify_inval_entry_out.encode({ parent: folder.id, namelen: bytes.length, flags: 0 });
      notify(notifyCodes.FUSE_NOTIFY_INVAL_ENTRY, [about, bytes, end]);
    }
    if (node && nodes.get(node.id)) {
      // From 0 to the end, and its attributes.
      notify(notifyCodes.FUSE_NOTIFY_INVAL_INODE, [
        fuse_notify_inval_inode_out.encode({ ino: node.id, off: 0n, len: 0n }),
      ]);
    }
  };
}
