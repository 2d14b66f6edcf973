import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import { isAbsence, isFailure } from '../../core/failure.ts';
import type { Handle, Node, OpenMode } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import type { Operation, Operations, Served } from '../operation.ts';
import {
  FOPEN_KEEP_CACHE,
  FOPEN_NOFLUSH,
  FUSE_OPEN_KILL_SUIDGID,
  FUSE_WRITE_CACHE,
  FUSE_WRITE_KILL_SUIDGID,
  modeBits,
  openFlags,
} from '../protocol/flags.ts';
import {
  fuse_create_in,
  fuse_fallocate_in,
  fuse_flush_in,
  fuse_fsync_in,
  fuse_open_in,
  fuse_open_out,
  fuse_read_in,
  fuse_release_in,
  fuse_write_in,
  fuse_write_out,
} from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { done, type Reply, refusal, reply } from '../protocol/reply.ts';
import { nameAt } from '../protocol/request.ts';
import { isFileSize } from './file-size.ts';
import { entryOf } from './names.ts';
import { dropPrivileges } from './privileges.ts';

const create: Operation = (served, folder, { body }) => {
  const { flags, mode } = fuse_create_in.decode(body);
  const { name } = nameAt(body, fuse_create_in.size);
  const how = { mode: mode & modeBits, ...openModeOf(flags) };
  const isExclusive = (flags & openFlags.O_EXCL) !== 0;
  return whenThere(createOrOpen(served, folder, name, how, isExclusive), (handle) =>
    whenFailed(
      () => whenThere(entryOf(served, handle.node), (entry) => withEntry(entry, openedReply(served, handle, how))),
      async (error) => {
        await handle.close();
        throw error;
      },
    ),
  );
};

/** The kernel saw nothing of that name, yet somebody may have been quicker: O_EXCL alone minds. */
function createOrOpen(
  { vfs }: Served,
  folder: Node,
  name: string,
  how: OpenMode & { readonly mode: number },
  isExclusive: boolean,
): Awaitable<Handle> {
  return whenFailed(
    () => vfs.makeFile(folder, name, how),
    async (error) => {
      if (isExclusive || !isFailure(error, 'exists')) throw error;
      const node = await vfs.lookup(folder, name);
      if (!node) throw error;
      return vfs.open(node, how);
    },
  );
}

function withEntry(entry: Reply, opened: Reply): Reply {
  return { errno: 0, parts: [...entry.parts, ...opened.parts], undo: both(entry.undo, opened.undo) };
}

const open: Operation = async (served, node, { body }) => {
  const { flags, open_flags } = fuse_open_in.decode(body);
  const how = openModeOf(flags);
  let handle: Handle;
  try {
    handle = await served.vfs.open(node, how);
  } catch (error) {
    // Others have removed it: the kernel looks again then, and makes the file if the program wants that.
    if (isAbsence(error)) return refusal(errno.ESTALE);
    throw error;
  }
  try {
    if (how.truncate && (open_flags & FUSE_OPEN_KILL_SUIDGID) !== 0) await dropPrivileges(served.vfs, node);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return openedReply(served, handle, how);
};

function openedReply({ files }: Served, handle: Handle, how: OpenMode): Reply {
  const fh = files.add(handle);
  // What the kernel has cached stays as long as size and modification time do: FUSE_AUTO_INVAL_DATA. A reader has nothing
  // to hear of when it closes.
  const flags = FOPEN_KEEP_CACHE | (how.write || how.truncate ? 0 : FOPEN_NOFLUSH);
  return reply(fuse_open_out.encode({ fh, open_flags: flags }), () => {
    files.remove(fh);
    void whenFailed(
      () => handle.close(),
      () => {},
    );
  });
}

export function openModeOf(flags: number): OpenMode {
  const access = flags & openFlags.O_ACCMODE;
  return {
    read: access !== openFlags.O_WRONLY,
    write: access === openFlags.O_WRONLY || access === openFlags.O_RDWR,
    truncate: (flags & openFlags.O_TRUNC) !== 0,
  };
}

const read: Operation = ({ files }, _node, { body }, signal) => {
  const { fh, offset, size } = fuse_read_in.decode(body);
  const handle = files.get(fh);
  if (!handle) return refusal(errno.EBADF);
  const parts = handle.readNow(offset, size);
  return parts ? { errno: 0, parts } : handle.readSoon(offset, size, signal()).then((bytes) => bytes && reply(bytes));
};

const write: Operation = ({ vfs, files }, node, { body }) => {
  const { fh, offset, size, flags, write_flags } = fuse_write_in.decode(body);
  const handle = files.get(fh);
  if (!handle) return refusal(errno.EBADF);
  if (!isFileSize(offset + size)) return refusal(errno.EFBIG);
  // A page has its place, whatever file the kernel happens to write it through.
  const isAppended = (flags & openFlags.O_APPEND) !== 0 && (write_flags & FUSE_WRITE_CACHE) === 0;
  const data = body.subarray(fuse_write_in.size, fuse_write_in.size + size);
  const dropsPrivileges = (write_flags & FUSE_WRITE_KILL_SUIDGID) !== 0;
  return whenThere(handle.write(isAppended ? 'end' : offset, data), () =>
    whenThere(dropsPrivileges ? dropPrivileges(vfs, node) : undefined, () => reply(fuse_write_out.encode({ size }))),
  );
};

const flush: Operation = ({ files }, _node, { body }) =>
  whenThere(files.get(fuse_flush_in.decode(body).fh)?.flush(), () => done);

const sync: Operation = async ({ files }, _node, { body }) => {
  await files.get(fuse_fsync_in.decode(body).fh)?.sync();
  return done;
};

const release: Operation = ({ files }, _node, { body }) =>
  whenThere(files.remove(fuse_release_in.decode(body).fh)?.close(), () => done);

/** posix_fallocate(3): the file is as long as asked for. Space on a remote can't be set aside, nor holes punched. */
const allocate: Operation = async ({ vfs }, node, { body }) => {
  const { offset, length, mode } = fuse_fallocate_in.decode(body);
  if (mode !== 0) return refusal(errno.EOPNOTSUPP);
  const end = offset + length;
  if (!isFileSize(end)) return refusal(errno.EFBIG);
  if ((await vfs.attributes(node)).size < end) await vfs.setAttributes(node, { size: end });
  return done;
};

function both(first: (() => void) | undefined, second: (() => void) | undefined): () => void {
  return () => {
    first?.();
    second?.();
  };
}

export const fileOperations: Operations = {
  [opcodes.FUSE_CREATE]: create,
  [opcodes.FUSE_OPEN]: open,
  [opcodes.FUSE_READ]: read,
  [opcodes.FUSE_WRITE]: write,
  [opcodes.FUSE_FLUSH]: flush,
  [opcodes.FUSE_FSYNC]: sync,
  [opcodes.FUSE_RELEASE]: release,
  [opcodes.FUSE_FALLOCATE]: allocate,
};
