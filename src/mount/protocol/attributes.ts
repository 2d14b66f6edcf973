import type { Nanoseconds } from '../../core/entry.ts';
import type { AttributeChanges, Attributes, Node } from '../../vfs/vfs.ts';
import { fileTypes, setattrValid } from './flags.ts';
import { fuse_attr, fuse_attr_out, fuse_entry_out, type fuse_setattr_in } from './messages.ts';
import { joinTime, splitTime, type Validity } from './time.ts';

/** What programs are told to read and write at once. The kernel's page is as large. */
const blockSize = 4096;
// st_blocks counts these, whatever the block size.
const sectorSize = 512;

type Attr = ReturnType<typeof fuse_attr.decode>;

export function typeOf({ kind, isLink }: Node): number {
  if (kind === 'folder') return fileTypes.S_IFDIR;
  return isLink ? fileTypes.S_IFLNK : fileTypes.S_IFREG;
}

export function attrOf(node: Node, attributes: Attributes): Attr {
  const atime = splitTime(attributes.accessed);
  const mtime = splitTime(attributes.modified);
  const ctime = splitTime(attributes.changed);
  return {
    ino: node.id,
    size: attributes.size,
    blocks: Math.ceil(attributes.size / sectorSize),
    atime: atime.seconds,
    mtime: mtime.seconds,
    ctime: ctime.seconds,
    atimensec: atime.nanoseconds,
    mtimensec: mtime.nanoseconds,
    ctimensec: ctime.nanoseconds,
    mode: typeOf(node) | attributes.mode,
    nlink: attributes.links,
    uid: attributes.uid,
    gid: attributes.gid,
    blksize: blockSize,
  };
}

// What comes with the answer about a name holds for a tick of the kernel's clock at least, some milliseconds: else one
// stat(2) asks for the name, for what is known of it, and for each folder on the way.
const tick: Validity = { seconds: 0, nanoseconds: 1 };

function ofAttributes(validity: Validity): Validity {
  return validity.seconds === 0 && validity.nanoseconds === 0 ? tick : validity;
}

export function encodeAttributes(node: Node, attributes: Attributes, validity: Validity): Uint8Array {
  const { seconds, nanoseconds } = ofAttributes(validity);
  return fuse_attr_out.encode({
    attr_valid: seconds,
    attr_valid_nsec: nanoseconds,
    attr: attrOf(node, attributes),
  });
}

export function encodeEntry(node: Node, attributes: Attributes, validity: Validity): Uint8Array {
  const { seconds, nanoseconds } = ofAttributes(validity);
  return fuse_entry_out.encode({
    nodeid: node.id,
    entry_valid: validity.seconds,
    attr_valid: seconds,
    entry_valid_nsec: validity.nanoseconds,
    attr_valid_nsec: nanoseconds,
    attr: attrOf(node, attributes),
  });
}

const noAttr = fuse_attr.decode(new Uint8Array(fuse_attr.size));

/** "There is nothing of that name", to be remembered. */
export function encodeAbsence({ seconds, nanoseconds }: Validity): Uint8Array {
  return fuse_entry_out.encode({
    nodeid: 0,
    entry_valid: seconds,
    attr_valid: 0,
    entry_valid_nsec: nanoseconds,
    attr_valid_nsec: 0,
    attr: noAttr,
  });
}

/** What chmod, chown, truncate and utimensat ask for. */
export function changesOf(wish: ReturnType<typeof fuse_setattr_in.decode>, now: Nanoseconds): AttributeChanges {
  const asks = (flag: keyof typeof setattrValid): boolean => (wish.valid & setattrValid[flag]) !== 0;
  const time = (isNow: boolean, seconds: bigint, nanoseconds: number): Nanoseconds =>
    isNow ? now : joinTime(seconds, nanoseconds);
  return {
    ...(asks('FATTR_MODE') && { mode: wish.mode & ~fileTypes.S_IFMT }),
    ...(asks('FATTR_UID') && { uid: wish.uid }),
    ...(asks('FATTR_GID') && { gid: wish.gid }),
    ...(asks('FATTR_SIZE') && { size: wish.size }),
    ...(asks('FATTR_ATIME') && { accessed: time(asks('FATTR_ATIME_NOW'), wish.atime, wish.atimensec) }),
    ...(asks('FATTR_MTIME') && { modified: time(asks('FATTR_MTIME_NOW'), wish.mtime, wish.mtimensec) }),
  };
}
