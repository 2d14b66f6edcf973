import { constants } from 'node:fs';

/** The protocol's version that we speak: <linux/fuse.h> tells what each brought. */
export const FUSE_KERNEL_VERSION = 7;
export const FUSE_KERNEL_MINOR_VERSION = 31;

/** Of `fuse_init_in` and `fuse_init_out`. */
export const initFlags = {
  FUSE_ASYNC_READ: 1 << 0,
  FUSE_ATOMIC_O_TRUNC: 1 << 3,
  FUSE_BIG_WRITES: 1 << 5,
  FUSE_AUTO_INVAL_DATA: 1 << 12,
  FUSE_DO_READDIRPLUS: 1 << 13,
  FUSE_ASYNC_DIO: 1 << 15,
  FUSE_PARALLEL_DIROPS: 1 << 18,
  FUSE_MAX_PAGES: 1 << 22,
  FUSE_HANDLE_KILLPRIV_V2: 1 << 28,
} as const;

/** Which fields of `fuse_setattr_in` are meant. */
export const setattrValid = {
  FATTR_MODE: 1 << 0,
  FATTR_UID: 1 << 1,
  FATTR_GID: 1 << 2,
  FATTR_SIZE: 1 << 3,
  FATTR_ATIME: 1 << 4,
  FATTR_MTIME: 1 << 5,
  FATTR_ATIME_NOW: 1 << 7,
  FATTR_MTIME_NOW: 1 << 8,
  FATTR_KILL_SUIDGID: 1 << 11,
} as const;

/** Of `fuse_open_out`: what is cached of the file since it was last open stays. */
export const FOPEN_KEEP_CACHE = 1 << 1;
/** Of `fuse_open_out`: no FUSE_FLUSH at each close(2). */
export const FOPEN_NOFLUSH = 1 << 5;

const { O_WRONLY, O_RDWR, O_EXCL, O_TRUNC, O_APPEND } = constants;

/** Of open(2), as this system has them. */
export const openFlags = { O_ACCMODE: 3, O_WRONLY, O_RDWR, O_EXCL, O_TRUNC, O_APPEND } as const;

/** Of `fuse_open_in` and `fuse_create_in`, and of `fuse_write_in`: what set-user-ID and set-group-ID say is to go. */
export const FUSE_OPEN_KILL_SUIDGID = 1 << 0;
export const FUSE_WRITE_KILL_SUIDGID = 1 << 2;
/** Of `fuse_write_in`: the kernel writes a page back that a program changed in memory. */
export const FUSE_WRITE_CACHE = 1 << 0;

/** Of setxattr(2). */
export const xattrFlags = { XATTR_CREATE: 1 << 0, XATTR_REPLACE: 1 << 1 } as const;

/** Of renameat2(2). */
export const renameFlags = { RENAME_NOREPLACE: 1 << 0, RENAME_EXCHANGE: 1 << 1 } as const;

/** Of `st_mode`: what is no type. */
export const modeBits = 0o7777;

/** Of `st_mode`. */
export const fileTypes = { S_IFMT: 0o170000, S_IFDIR: 0o040000, S_IFREG: 0o100000, S_IFLNK: 0o120000 } as const;
