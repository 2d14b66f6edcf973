import { whenThere } from '../../core/awaitable.ts';
import { isFailure } from '../../core/failure.ts';
import { longestName } from '../../vfs/tree/names.ts';
import type { FileSystemUsage, Vfs } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import type { Operation, Operations } from '../operation.ts';
import { changesOf, encodeAttributes } from '../protocol/attributes.ts';
import { setattrValid } from '../protocol/flags.ts';
import { fuse_setattr_in, fuse_statfs_out } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { refusal, reply } from '../protocol/reply.ts';
import { isFileSize } from './file-size.ts';
import { withoutPrivileges } from './privileges.ts';

const getAttributes: Operation = ({ vfs, validity }, node) =>
  whenThere(vfs.attributes(node), (attributes) => reply(encodeAttributes(node, attributes, validity)));

const setAttributes: Operation = async ({ vfs, validity, now }, node, { body }) => {
  const wish = fuse_setattr_in.decode(body);
  const dropped = (wish.valid & setattrValid.FATTR_KILL_SUIDGID) === 0 ? {} : await withoutPrivileges(vfs, node);
  const changes = { ...dropped, ...changesOf(wish, now()) };
  if (changes.size !== undefined && !isFileSize(changes.size)) return refusal(errno.EFBIG);
  try {
    return reply(encodeAttributes(node, await vfs.setAttributes(node, changes), validity));
  } catch (error) {
    const isOwnerOrMode = 'mode' in changes || 'uid' in changes || 'gid' in changes;
    // What Linux answers on its own file systems that keep none.
    if (isOwnerOrMode && isFailure(error, 'unsupported')) return refusal(errno.EPERM);
    throw error;
  }
};

const blockSize = 4096;
/** Shown where the store does not say: as rclone, 1 PiB, and a thousand million files. */
const unknownSize = 2 ** 50;
const unknownFiles = 1e9;

/** Bytes, and how many files may be made. */
export async function usageOf(vfs: Vfs): Promise<FileSystemUsage & { readonly files: number }> {
  return { files: unknownFiles, ...((await vfs.usage()) ?? { total: unknownSize, free: unknownSize }) };
}

const statFileSystem: Operation = async ({ vfs }) => {
  const { total, free, files } = await usageOf(vfs);
  const available = Math.floor(free / blockSize);
  return reply(
    fuse_statfs_out.encode({
      blocks: Math.ceil(total / blockSize),
      bfree: available,
      bavail: available,
      files,
      ffree: files,
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
