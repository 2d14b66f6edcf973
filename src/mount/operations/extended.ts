import { whenThere } from '../../core/awaitable.ts';
import { isFailure } from '../../core/failure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { errno } from '../errno.ts';
import type { Operation, Operations, Served } from '../operation.ts';
import { xattrFlags } from '../protocol/flags.ts';
import { fuse_getxattr_in, fuse_getxattr_out, fuse_setxattr_in } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { done, type Reply, refusal, reply } from '../protocol/reply.ts';
import { nameAt } from '../protocol/request.ts';

// What else there is (security, system, trusted) means something to the kernel, which asks for it often: a program that
// hears that there is none of a kind here, as ls(1), asks no more.
export const ours = 'user.';

/** Where none are kept at all, the kernel hears so once and asks no more. */
function whereKept(operation: Operation): Operation {
  return (served, ...rest) => (served.vfs.keepsExtended ? operation(served, ...rest) : refusal(errno.ENOSYS));
}

const get: Operation = ({ vfs }, node, { body }) => {
  const { name } = nameAt(body, fuse_getxattr_in.size);
  // Before the first write to a file, the kernel asks for security.capability.
  if (!name.startsWith(ours)) return refusal(errno.EOPNOTSUPP);
  const { size } = fuse_getxattr_in.decode(body);
  return whenThere(vfs.extendedAttributes(node), (attributes) => {
    const value = attributes.get(name);
    return value ? sized(value, size) : refusal(errno.ENODATA);
  });
};

const list: Operation = ({ vfs }, node, { body }) => {
  const { size } = fuse_getxattr_in.decode(body);
  return whenThere(vfs.extendedAttributes(node), (attributes) => {
    const names = [...attributes.keys()].map((name) => [nameToBytes(name), end]);
    return sized(Buffer.concat(names.flat()), size);
  });
};

const end = new Uint8Array(1);

/** A program asks with no room at all how much it needs. */
function sized(value: Uint8Array, room: number): Reply {
  if (room === 0) return reply(fuse_getxattr_out.encode({ size: value.length }));
  return value.length > room ? refusal(errno.ERANGE) : reply(value);
}

const set: Operation = async (served, node, { body }) => {
  const { size, flags } = fuse_setxattr_in.decode(body);
  const { name, next } = nameAt(body, fuse_setxattr_in.size);
  return change(served, node, name, {
    value: body.subarray(next, next + size),
    mustBeNew: (flags & xattrFlags.XATTR_CREATE) !== 0,
    mustExist: (flags & xattrFlags.XATTR_REPLACE) !== 0,
  });
};

const remove: Operation = async (served, node, { body }) => change(served, node, nameAt(body, 0).name, { value: null });

async function change(
  { vfs }: Served,
  node: Parameters<Operation>[1],
  name: string,
  wish: Parameters<Served['vfs']['setExtendedAttribute']>[2],
): Promise<Reply> {
  if (!name.startsWith(ours)) return refusal(errno.EOPNOTSUPP);
  try {
    await vfs.setExtendedAttribute(node, name, wish);
    return done;
  } catch (error) {
    if (isFailure(error, 'not-found')) return refusal(errno.ENODATA);
    throw error;
  }
}

export const extendedOperations: Operations = {
  [opcodes.FUSE_GETXATTR]: whereKept(get),
  [opcodes.FUSE_LISTXATTR]: whereKept(list),
  [opcodes.FUSE_SETXATTR]: whereKept(set),
  [opcodes.FUSE_REMOVEXATTR]: whereKept(remove),
};
