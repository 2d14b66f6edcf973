import type { Node } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import { typeOf } from '../protocol/attributes.ts';
import { fileTypes, modeBits } from '../protocol/flags.ts';
import { done, type Operations, type Served } from './operation.ts';
import { canShow } from './paths.ts';
import { statArray } from './stat-array.ts';

/** What libfuse renames a file to that is removed, or replaced, while it is open (hidden_name in its fuse.c). */
const hiddenName = /^\.fuse_hidden[0-9a-f]{16}$/;

const isOpen = ({ files }: Served, node: Node): boolean => files.all().some((handle) => handle.node.id === node.id);

export const nameOperations = {
  async getattr({ vfs, paths }, path: string) {
    const node = await paths.find(path);
    return [0, statArray(node, await vfs.attributes(node))];
  },
  async readdir({ vfs, paths }, path: string) {
    const items = (await vfs.list(await paths.find(path))).filter(({ name }) => canShow(name));
    const dots = ['.', '..'].map(() => ({ mode: fileTypes.S_IFDIR }));
    const stats = items.map(({ node }) => ({ mode: typeOf(node), ino: node.id }));
    return [0, ['.', '..', ...items.map(({ name }) => name)], [...dots, ...stats]];
  },
  /** libfuse does not say how: what the program may not do, the kernel refuses. */
  async create({ vfs, paths, files }, path: string, mode: number) {
    const { folder, name } = await paths.place(path);
    const how = { read: true, write: true, truncate: false, mode: mode & modeBits };
    return [0, files.add(await vfs.makeFile(folder, name, how))];
  },
  async mknod({ vfs, paths }, path: string, mode: number) {
    const type = mode & fileTypes.S_IFMT;
    if (type !== 0 && type !== fileTypes.S_IFREG) return [-errno.EPERM];
    const { folder, name } = await paths.place(path);
    const how = { read: false, write: true, truncate: false, mode: mode & modeBits };
    await (await vfs.makeFile(folder, name, how)).close();
    return done;
  },
  async mkdir({ vfs, paths }, path: string, mode: number) {
    const { folder, name } = await paths.place(path);
    await vfs.makeFolder(folder, name, mode & modeBits);
    return done;
  },
  async unlink({ vfs, paths }, path: string) {
    if (paths.forget(path)) return done;
    const { folder, name } = await paths.place(path);
    await vfs.remove(folder, name);
    return done;
  },
  async rmdir({ vfs, paths }, path: string) {
    const { folder, name } = await paths.place(path);
    await vfs.removeFolder(folder, name);
    return done;
  },
  async rename(served, path: string, toPath: string) {
    const { vfs, paths } = served;
    const from = await paths.place(path);
    const to = await paths.place(toPath);
    const node = hiddenName.test(to.name) ? await paths.find(path) : null;
    if (node && isOpen(served, node)) {
      // It is not to reach the remote.
      await vfs.remove(from.folder, from.name);
      paths.hide(toPath, node);
    } else {
      await vfs.rename(from.folder, from.name, to.folder, to.name, { replace: true });
    }
    return done;
  },
  // As link(2) says of a file system that has none.
  link: async () => [-errno.EPERM],
} satisfies Operations;
