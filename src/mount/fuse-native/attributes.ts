import { longestName } from '../../vfs/tree/names.ts';
import type { AttributeChanges, Node } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import { usageOf } from '../operations/attributes.ts';
import { isFileSize } from '../operations/file-size.ts';
import { modeBits } from '../protocol/flags.ts';
import { opened } from './files.ts';
import { type Answer, done, type Operations, type Served } from './operation.ts';
import { statArray } from './stat-array.ts';

async function change({ vfs }: Served, node: Node, changes: AttributeChanges): Promise<Answer> {
  await vfs.setAttributes(node, changes);
  return done;
}

async function resize(served: Served, node: Node, size: number): Promise<Answer> {
  return isFileSize(size) ? change(served, node, { size }) : [-errno.EFBIG];
}

const millisecond = 1_000_000n;

// Blocks are counted in 32 bits.
const blockSize = 2 ** 20;
const blocks = (bytes: number): number => Math.min(Math.floor(bytes / blockSize), 2 ** 32 - 1);

export const attributeOperations = {
  async fgetattr(served, _path: string, fh: number) {
    const { node } = opened(served, fh);
    return [0, statArray(node, await served.vfs.attributes(node))];
  },
  truncate: async (served, path: string, size: number) => resize(served, await served.paths.find(path), size),
  ftruncate: async (served, _path: string, fh: number, size: number) => resize(served, opened(served, fh).node, size),
  async utimens(served, path: string, accessed: bigint, modified: bigint) {
    const times = { accessed: accessed * millisecond, modified: modified * millisecond };
    return change(served, await served.paths.find(path), times);
  },
  async statfs({ vfs }) {
    const { total, free, files } = await usageOf(vfs);
    const available = blocks(free);
    const sizes = { bsize: blockSize, frsize: blockSize, blocks: blocks(total), bfree: available, bavail: available };
    return [0, { ...sizes, files, ffree: files, favail: files, namemax: longestName }];
  },
} satisfies Operations;

const unchanged = 2 ** 32 - 1;

export const ownerOperations = {
  chmod: async (served, path: string, mode: number) =>
    change(served, await served.paths.find(path), { mode: mode & modeBits }),
  async chown(served, path: string, uid: number, gid: number) {
    const changes = { ...(uid !== unchanged && { uid }), ...(gid !== unchanged && { gid }) };
    return change(served, await served.paths.find(path), changes);
  },
} satisfies Operations;
