import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { isFailure } from '../../core/failure.ts';
import type { Node } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import type { Operation, Operations, Served } from '../operation.ts';
import { encodeAbsence, encodeEntry } from '../protocol/attributes.ts';
import { fileTypes, modeBits, renameFlags } from '../protocol/flags.ts';
import { fuse_mkdir_in, fuse_mknod_in, fuse_rename_in, fuse_rename2_in } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { done, type Reply, refusal, reply } from '../protocol/reply.ts';
import { nameAt } from '../protocol/request.ts';

/** Tells the kernel of a node: it counts, and forgets with as many. */
export function entryOf({ vfs, nodes, validity }: Served, node: Node): Awaitable<Reply> {
  return whenThere(vfs.attributes(node), (attributes) => {
    nodes.remember(node);
    return reply(encodeEntry(node, attributes, validity), () => nodes.forget(node.id, 1));
  });
}

const lookup: Operation = (served, folder, { body }) =>
  whenThere(served.vfs.lookup(folder, nameAt(body, 0).name), (node) =>
    node ? entryOf(served, node) : reply(encodeAbsence(served.validity)),
  );

const makeFolder: Operation = async (served, folder, { body }) => {
  const { name } = nameAt(body, fuse_mkdir_in.size);
  const mode = fuse_mkdir_in.decode(body).mode & modeBits;
  return entryOf(served, await served.vfs.makeFolder(folder, name, mode));
};

const makeNode: Operation = async (served, folder, { body }) => {
  const { mode } = fuse_mknod_in.decode(body);
  const type = mode & fileTypes.S_IFMT;
  // As mknod(2) says of a file system that has no pipes, sockets and devices.
  if (type !== 0 && type !== fileTypes.S_IFREG) return refusal(errno.EPERM);
  const { name } = nameAt(body, fuse_mknod_in.size);
  const how = { read: false, write: true, truncate: false, mode: mode & modeBits };
  const handle = await served.vfs.makeFile(folder, name, how);
  await handle.close();
  return entryOf(served, handle.node);
};

const remove: Operation = async ({ vfs }, folder, { body }) => {
  await vfs.remove(folder, nameAt(body, 0).name);
  return done;
};

const removeFolder: Operation = async ({ vfs }, folder, { body }) => {
  await vfs.removeFolder(folder, nameAt(body, 0).name);
  return done;
};

const rename: Operation = async (served, folder, { body }) =>
  renameTo(served, folder, body.subarray(fuse_rename_in.size), fuse_rename_in.decode(body).newdir, 0);

const rename2: Operation = async (served, folder, { body }) => {
  const { newdir, flags } = fuse_rename2_in.decode(body);
  return renameTo(served, folder, body.subarray(fuse_rename2_in.size), newdir, flags);
};

async function renameTo(
  { vfs, nodes }: Served,
  folder: Node,
  names: Uint8Array,
  newdir: number,
  flags: number,
): Promise<Reply> {
  const { RENAME_NOREPLACE, RENAME_EXCHANGE } = renameFlags;
  if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) !== 0) return refusal(errno.EINVAL);
  const target = nodes.get(newdir);
  if (!target) return refusal(errno.ESTALE);
  const from = nameAt(names, 0);
  const to = nameAt(names, from.next);
  const exchange = (flags & RENAME_EXCHANGE) !== 0;
  await vfs.rename(folder, from.name, target, to.name, { replace: (flags & RENAME_NOREPLACE) === 0, exchange });
  return done;
}

// As link(2) says of a file system that has none.
const refuseLink: Operation = () => refusal(errno.EPERM);

const makeLink: Operation = async (served, folder, { body }) => {
  const { name, next } = nameAt(body, 0);
  const target = body.slice(next, body.indexOf(0, next));
  try {
    return await entryOf(served, await served.vfs.makeLink(folder, name, target));
  } catch (error) {
    // As symlink(2) says of a file system that has none.
    if (isFailure(error, 'unsupported')) return refusal(errno.EPERM);
    throw error;
  }
};

const readLink: Operation = async ({ vfs }, node) => reply(await vfs.readLink(node));

export const nameOperations: Operations = {
  [opcodes.FUSE_LOOKUP]: lookup,
  [opcodes.FUSE_MKDIR]: makeFolder,
  [opcodes.FUSE_MKNOD]: makeNode,
  [opcodes.FUSE_UNLINK]: remove,
  [opcodes.FUSE_RMDIR]: removeFolder,
  [opcodes.FUSE_RENAME]: rename,
  [opcodes.FUSE_RENAME2]: rename2,
  [opcodes.FUSE_LINK]: refuseLink,
  [opcodes.FUSE_SYMLINK]: makeLink,
  [opcodes.FUSE_READLINK]: readLink,
};
