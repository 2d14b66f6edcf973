import { isFailure } from '../../core/failure.ts';
import type { AttributeChanges, Attributes, Node } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import type { Operation, Operations, Served } from '../operation.ts';
import { changesOf, encodeAttributes } from '../protocol/attributes.ts';
import { fuse_setattr_in, fuse_statfs_out } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { refusal, reply } from '../protocol/reply.ts';

const getAttributes: Operation = async ({ vfs, validity }, node) =>
  reply(encodeAttributes(node, await vfs.attributes(node), validity));

const setAttributes: Operation = async (served, node, { body }) => {
  const changes = changesOf(fuse_setattr_in.decode(body), served.now());
  // Beyond what a number holds exactly, and any store.
  if (changes.size !== undefined && !Number.isSafeInteger(changes.size)) return refusal(errno.EFBIG);
  try {
    return reply(encodeAttributes(node, await setWithMode(served, node, changes), served.validity));
  } catch (error) {
    // What Linux answers on its own file systems that keep no owners.
    const isAboutOwner = 'uid' in changes || 'gid' in changes;
    if (isAboutOwner && isFailure(error, 'unsupported')) return refusal(errno.EPERM);
    throw error;
  }
};

/** Where no permissions are kept, a chmod has no effect, as on the kernel's own FAT and in rclone's mounts: rsync and `cp -p`
 *  take a refusal for the failure of the whole copy. */
async function setWithMode(served: Served, node: Node, changes: AttributeChanges): Promise<Attributes> {
  try {
    return await served.vfs.setAttributes(node, changes);
  } catch (error) {
    const { mode, ...others } = changes;
    if (mode === undefined || !isFailure(error, 'unsupported')) throw error;
    const attributes = await served.vfs.setAttributes(node, others);
    served.tellOnce('permissions are not kept: a chmod has no effect here');
    return attributes;
  }
}

const blockSize = 4096;
const longestName = 255;
/** Shown where the store does not say: as rclone, 1 PiB, and a thousand million files. */
const unknownSize = 2 ** 50;
const unknownFiles = 1e9;

const statFileSystem: Operation = async ({ vfs }) => {
  const { total, free } = (await vfs.usage()) ?? { total: unknownSize, free: unknownSize };
  const available = Math.floor(free / blockSize);
  return reply(
    fuse_statfs_out.encode({
      blocks: Math.ceil(total / blockSize),
      bfree: available,
      bavail: available,
      files: unknownFiles,
      ffree: unknownFiles,
      bsize: blockSize,
      namelen: longestName,
      frsize: blockSize,
    }),
  );
};

export const attributeOperations: Operations = {
  [opcodes.FUSE_GETATTR]: getAttributes,
  [opcodes.FUSE_SETATTR]: setAttributes,
  [opcodes.FUSE_STATFS]: statFileSystem,
};
