import { gap, i32, i64, struct, u16, u32, u64 } from './struct.ts';

// The structs of <linux/fuse.h>, under the names that they and their fields have there.

export const fuse_in_header = struct({
  len: u32,
  opcode: u32,
  unique: u64,
  nodeid: u64,
  uid: u32,
  gid: u32,
  pid: u32,
  total_extlen: u16,
  padding: gap(2),
});

export const fuse_out_header = struct({ len: u32, error: i32, unique: u64 });

export const fuse_init_in = struct({ major: u32, minor: u32, max_readahead: u32, flags: u32 });

export const fuse_init_out = struct({
  major: u32,
  minor: u32,
  max_readahead: u32,
  flags: u32,
  max_background: u16,
  congestion_threshold: u16,
  max_write: u32,
  time_gran: u32,
  max_pages: u16,
  map_alignment: gap(2),
  unused: gap(32),
});

export const fuse_attr = struct({
  ino: u64,
  size: u64,
  blocks: u64,
  atime: i64,
  mtime: i64,
  ctime: i64,
  atimensec: u32,
  mtimensec: u32,
  ctimensec: u32,
  mode: u32,
  nlink: u32,
  uid: u32,
  gid: u32,
  rdev: gap(4),
  blksize: u32,
  flags: gap(4),
});

export const fuse_entry_out = struct({
  nodeid: u64,
  generation: gap(8),
  entry_valid: u64,
  attr_valid: u64,
  entry_valid_nsec: u32,
  attr_valid_nsec: u32,
  attr: fuse_attr,
});

export const fuse_attr_out = struct({ attr_valid: u64, attr_valid_nsec: u32, dummy: gap(4), attr: fuse_attr });

export const fuse_forget_in = struct({ nlookup: u64 });
export const fuse_batch_forget_in = struct({ count: u32, dummy: gap(4) });
export const fuse_forget_one = struct({ nodeid: u64, nlookup: u64 });

export const fuse_setattr_in = struct({
  valid: u32,
  padding: gap(4),
  fh: u64,
  size: u64,
  lock_owner: gap(8),
  atime: i64,
  mtime: i64,
  ctime: i64,
  atimensec: u32,
  mtimensec: u32,
  ctimensec: u32,
  mode: u32,
  unused4: gap(4),
  uid: u32,
  gid: u32,
  unused5: gap(4),
});

export const fuse_mknod_in = struct({ mode: u32, rdev: u32, umask: u32, padding: gap(4) });
export const fuse_mkdir_in = struct({ mode: u32, umask: u32 });
export const fuse_rename_in = struct({ newdir: u64 });
export const fuse_rename2_in = struct({ newdir: u64, flags: u32, padding: gap(4) });

export const fuse_open_in = struct({ flags: u32, open_flags: u32 });
export const fuse_create_in = struct({ flags: u32, mode: u32, umask: u32, open_flags: u32 });
export const fuse_open_out = struct({ fh: u64, open_flags: u32, padding: gap(4) });
export const fuse_release_in = struct({ fh: u64, flags: u32, release_flags: u32, lock_owner: gap(8) });
export const fuse_flush_in = struct({ fh: u64, unused: gap(8), lock_owner: gap(8) });
export const fuse_fsync_in = struct({ fh: u64, fsync_flags: u32, padding: gap(4) });

/** The name follows, ended by a zero, then the value. */
export const fuse_setxattr_in = struct({ size: u32, flags: u32 });
/** The name follows, ended by a zero; none with FUSE_LISTXATTR. */
export const fuse_getxattr_in = struct({ size: u32, padding: gap(4) });
export const fuse_getxattr_out = struct({ size: u32, padding: gap(4) });

export const fuse_read_in = struct({
  fh: u64,
  offset: u64,
  size: u32,
  read_flags: u32,
  lock_owner: gap(8),
  flags: u32,
  padding: gap(4),
});

export const fuse_write_in = struct({
  fh: u64,
  offset: u64,
  size: u32,
  write_flags: u32,
  lock_owner: gap(8),
  flags: u32,
  padding: gap(4),
});

export const fuse_write_out = struct({ size: u32, padding: gap(4) });

export const fuse_fallocate_in = struct({ fh: u64, offset: u64, length: u64, mode: u32, padding: gap(4) });

export const fuse_statfs_out = struct({
  blocks: u64,
  bfree: u64,
  bavail: u64,
  files: u64,
  ffree: u64,
  bsize: u32,
  namelen: u32,
  frsize: u32,
  padding: gap(4),
  spare: gap(24),
});

export const fuse_interrupt_in = struct({ unique: u64 });

export const fuse_ioctl_in = struct({ fh: u64, flags: u32, cmd: u32, arg: u64, in_size: u32, out_size: u32 });

/** What the ioctl gives back follows. */
export const fuse_ioctl_out = struct({ result: i32, flags: u32, in_iovs: u32, out_iovs: u32 });

/** The name follows, not ended by a zero, and zeros up to a multiple of eight bytes. */
export const fuse_dirent = struct({ ino: u64, off: u64, namelen: u32, type: u32 });

export const fuse_notify_inval_inode_out = struct({ ino: u64, off: i64, len: i64 });

/** The name follows, ended by a zero. */
export const fuse_notify_inval_entry_out = struct({ parent: u64, namelen: u32, flags: u32 });
