import { describe, expect, test } from 'vitest';
import * as messages from '../../../src/mount/protocol/messages.ts';
import { gap, i64, struct, u16, u32, u64 } from '../../../src/mount/protocol/struct.ts';

/** sizeof() of each, as a C compiler has it with <linux/fuse.h> 7.38; `fuse_init_in` as it was before 7.36. */
const sizes: Readonly<Record<keyof typeof messages, number>> = {
  fuse_in_header: 40,
  fuse_out_header: 16,
  fuse_init_in: 16,
  fuse_init_out: 64,
  fuse_attr: 88,
  fuse_entry_out: 128,
  fuse_attr_out: 104,
  fuse_forget_in: 8,
  fuse_batch_forget_in: 8,
  fuse_forget_one: 16,
  fuse_setattr_in: 88,
  fuse_mknod_in: 16,
  fuse_mkdir_in: 8,
  fuse_rename_in: 8,
  fuse_rename2_in: 16,
  fuse_open_in: 8,
  fuse_create_in: 16,
  fuse_open_out: 16,
  fuse_release_in: 24,
  fuse_flush_in: 24,
  fuse_fsync_in: 16,
  fuse_setxattr_in: 8,
  fuse_getxattr_in: 8,
  fuse_getxattr_out: 8,
  fuse_read_in: 40,
  fuse_write_in: 40,
  fuse_write_out: 8,
  fuse_fallocate_in: 32,
  fuse_statfs_out: 80,
  fuse_interrupt_in: 8,
  fuse_ioctl_in: 32,
  fuse_ioctl_out: 16,
  fuse_dirent: 24,
  fuse_notify_inval_inode_out: 24,
  fuse_notify_inval_entry_out: 16,
};

test('the structs have the sizes that a C compiler gives them', () => {
  expect(Object.fromEntries(Object.entries(messages).map(([name, { size }]) => [name, size]))).toEqual(sizes);
});

describe('a struct', () => {
  const inner = struct({ a: u16, unused: gap(6), b: i64 });
  const outer = struct({ first: u64, inner, last: u32 });

  test('has its fields one after the other, in little-endian order', () => {
    const bytes = outer.encode({ first: 2 ** 40 + 3, inner: { a: 0xabcd, b: -2n }, last: 5 });
    expect(Buffer.from(bytes).toString('hex')).toBe(
      ['0300000000010000', 'cdab', '000000000000', 'feffffffffffffff', '05000000'].join(''),
    );
  });

  test('decodes what it encoded, wherever it lies in memory', () => {
    const value = { first: Number.MAX_SAFE_INTEGER, inner: { a: 1, b: -(2n ** 63n) }, last: 0xffffffff };
    const moved = new Uint8Array(outer.size + 3);
    moved.set(outer.encode(value), 3);
    expect(outer.decode(moved.subarray(3))).toEqual(value);
  });

  test('is not read from too few bytes', () => {
    expect(() => outer.decode(new Uint8Array(outer.size - 1))).toThrow(RangeError);
  });
});
