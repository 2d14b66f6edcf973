import type { ExtendedChange } from '../../vfs/vfs.ts';
import { errno } from '../errno.ts';
import { ours } from '../operations/extended.ts';
import { xattrFlags } from '../protocol/flags.ts';
import { encodeStatus, statusAttribute } from '../status.ts';
import { type Answer, done, type Operations, type Served } from './operation.ts';

/** A program asks with no room at all how much it needs. */
function sized(value: Uint8Array, room: Buffer): Answer {
  if (room.length > 0 && room.length < value.length) return [-errno.ERANGE];
  if (room.length > 0) room.set(value);
  return [value.length];
}

async function change({ vfs, paths }: Served, path: string, name: string, wish: ExtendedChange): Promise<Answer> {
  if (!name.startsWith(ours)) return [-errno.EOPNOTSUPP];
  await vfs.setExtendedAttribute(await paths.find(path), name, wish);
  return done;
}

export const extendedOperations = {
  async getxattr({ vfs, paths, pid }, path: string, name: string, room: Buffer) {
    // The library lets no ioctl(2) through.
    if (path === '/' && name === statusAttribute) return sized(encodeStatus({ pid, pending: vfs.pending() }), room);
    if (!vfs.keepsExtended || !name.startsWith(ours)) return [-errno.EOPNOTSUPP];
    const value = (await vfs.extendedAttributes(await paths.find(path))).get(name);
    return value ? sized(value, room) : [-errno.ENODATA];
  },
  async listxattr({ vfs, paths }, path: string, room: Buffer) {
    if (!vfs.keepsExtended) return [-errno.EOPNOTSUPP];
    const names = [...(await vfs.extendedAttributes(await paths.find(path))).keys()];
    return sized(Buffer.from(names.map((name) => `${name}\0`).join('')), room);
  },
  async setxattr(served, path: string, name: string, value: Buffer, _position: number, flags: number) {
    return change(served, path, name, {
      // The bytes are the library's.
      value: Uint8Array.from(value),
      mustBeNew: (flags & xattrFlags.XATTR_CREATE) !== 0,
      mustExist: (flags & xattrFlags.XATTR_REPLACE) !== 0,
    });
  },
  removexattr: async (served, path: string, name: string) => change(served, path, name, { value: null }),
} satisfies Operations;
