import type { Awaitable } from '../../core/awaitable.ts';
import { isAbsence } from '../../core/failure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import type { Node } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import type { OpenFolder, Operation, Operations, Served } from '../operation.ts';
import { typeOf } from '../protocol/attributes.ts';
import { type DirectoryEntry, direntPlusSize, direntSize, writeDirent } from '../protocol/dirent.ts';
import { fileTypes } from '../protocol/flags.ts';
import { fuse_entry_out, fuse_open_out, fuse_read_in, fuse_release_in } from '../protocol/messages.ts';
import { opcodes } from '../protocol/opcodes.ts';
import { done, type Reply, refusal, reply } from '../protocol/reply.ts';
import { entryOf } from './names.ts';

// FUSE_UNKNOWN_INO of libfuse: what "." and ".." have where nobody asks.
const unknownIno = 0xffffffff;
const dots = ['.', '..'].map((name) => ({ name: nameToBytes(name), ino: unknownIno, type: fileTypes.S_IFDIR }));

const openFolder: Operation = ({ folders }) => {
  const fh = folders.add({ snapshot: null });
  return reply(fuse_open_out.encode({ fh, open_flags: 0 }), () => folders.remove(fh));
};

const closeFolder: Operation = ({ folders }, _node, { body }) => {
  folders.remove(fuse_release_in.decode(body).fh);
  return done;
};

interface Row extends DirectoryEntry {
  /** Null for "." and "..", of which the kernel is not told. */
  readonly node: Node | null;
}

/** What stands at `index` of an open folder: an offset for the kernel, stable as long as it reads on. */
function rowAt({ snapshot }: OpenFolder, index: number): Row | null {
  const dot = dots[index];
  if (dot) return { ...dot, node: null };
  const item = snapshot?.[index - dots.length];
  return item ? { name: nameToBytes(item.name), ino: item.node.id, type: typeOf(item.node), node: item.node } : null;
}

/** A new start (rewinddir) sees the folder as it is now. */
async function beginAt({ vfs }: Served, folder: Node, open: OpenFolder, offset: number): Promise<void> {
  if (offset === 0 || !open.snapshot) open.snapshot = await vfs.list(folder);
}

const readFolder: Operation = async (served, folder, { body }) => {
  const { fh, offset, size } = fuse_read_in.decode(body);
  const open = served.folders.get(fh);
  if (!open) return refusal(errno.EBADF);
  await beginAt(served, folder, open, offset);
  const page = new Uint8Array(size);
  let length = 0;
  for (let index = offset; ; index++) {
    const row = rowAt(open, index);
    if (!row || length + direntSize(row.name) > size) break;
    writeDirent(page, length, row, index + 1);
    length += direntSize(row.name);
  }
  return reply(page.subarray(0, length));
};

/** Names with their attributes: what `ls -l` would ask for one by one. */
const readFolderPlus: Operation = async (served, folder, { body }) => {
  const { fh, offset, size } = fuse_read_in.decode(body);
  const open = served.folders.get(fh);
  if (!open) return refusal(errno.EBADF);
  await beginAt(served, folder, open, offset);
  const page = new Uint8Array(size);
  const undo: (() => void)[] = [];
  let length = 0;
  let isAsking = true;
  for (let index = offset; ; index++) {
    const row = rowAt(open, index);
    if (!row || length + direntPlusSize(row.name) > size) break;
    const told = isAsking && row.node ? entryIfThere(served, row.node) : null;
    const entry = told instanceof Promise ? await told : told;
    // One that cannot be looked at hides no other: the kernel asks for each on its own, which then says why.
    if (entry === undefined) isAsking = false;
    if (entry?.undo) undo.push(entry.undo);
    page.set(entry?.parts[0] ?? noEntry, length);
    writeDirent(page, length + noEntry.length, row, index + 1);
    length += direntPlusSize(row.name);
  }
  return reply(page.subarray(0, length), () => {
    for (const step of undo) step();
  });
};

// The kernel links nothing to a name with node 0.
const noEntry = new Uint8Array(fuse_entry_out.size);

/** Null for what has been removed since the snapshot, undefined for what cannot be looked at. */
function entryIfThere(served: Served, node: Node): Awaitable<Reply | null | undefined> {
  const unlessFailed = (error: unknown): null | undefined => (isAbsence(error) ? null : undefined);
  try {
    const entry = entryOf(served, node);
    return entry instanceof Promise ? entry.catch(unlessFailed) : entry;
  } catch (error) {
    return unlessFailed(error);
  }
}

export const folderOperations: Operations = {
  [opcodes.FUSE_OPENDIR]: openFolder,
  [opcodes.FUSE_RELEASEDIR]: closeFolder,
  [opcodes.FUSE_READDIR]: readFolder,
  [opcodes.FUSE_READDIRPLUS]: readFolderPlus,
};
