import { describe, expect, test } from 'vitest';
import { changesOf, encodeAbsence, encodeAttributes, encodeEntry } from '../../../src/mount/protocol/attributes.ts';
import { fuse_attr_out, fuse_entry_out, fuse_setattr_in } from '../../../src/mount/protocol/messages.ts';
import { joinTime, splitTime, validityOf } from '../../../src/mount/protocol/time.ts';
import type { Attributes } from '../../../src/vfs/vfs.ts';

const attributes: Attributes = {
  kind: 'file',
  size: 5 * 2 ** 40 + 1,
  modified: 1_700_000_000_123_456_789n,
  accessed: -1n,
  changed: 0n,
  mode: 0o640,
  uid: 4000000000,
  gid: 7,
  links: 1,
};
const node = { id: 42, kind: 'file' } as const;

describe('attributes for the kernel', () => {
  test('carry times to the nanosecond, also before 1970', () => {
    const { attr } = fuse_attr_out.decode(encodeAttributes(node, attributes, validityOf(1500)));
    expect(joinTime(attr.mtime, attr.mtimensec)).toBe(attributes.modified);
    expect(attr).toMatchObject({ atime: -1n, atimensec: 999_999_999, ctime: 0n, ctimensec: 0 });
  });

  test('carry the type, the size and its blocks, the owner', () => {
    const entry = fuse_entry_out.decode(encodeEntry(node, attributes, validityOf(1500)));
    expect(entry).toMatchObject({ nodeid: 42, entry_valid: 1, entry_valid_nsec: 500_000_000, attr_valid: 1 });
    expect(entry.attr).toMatchObject({ ino: 42, mode: 0o100640, uid: 4000000000, gid: 7, nlink: 1 });
    expect(entry.attr).toMatchObject({ size: attributes.size, blocks: 5 * 2 ** 31 + 1 });
  });

  test('an absence may be remembered', () => {
    const entry = fuse_entry_out.decode(encodeAbsence(validityOf(2000)));
    expect(entry).toMatchObject({ nodeid: 0, entry_valid: 2, attr_valid: 0 });
  });

  test('hold for a tick of the clock where names are asked for each time', () => {
    const entry = fuse_entry_out.decode(encodeEntry(node, attributes, validityOf(0)));
    expect(entry).toMatchObject({ entry_valid: 0, entry_valid_nsec: 0, attr_valid: 0, attr_valid_nsec: 1 });
    const answer = fuse_attr_out.decode(encodeAttributes(node, attributes, validityOf(0)));
    expect(answer).toMatchObject({ attr_valid: 0, attr_valid_nsec: 1 });
  });

  test('for ever is a long time', () => {
    expect(validityOf(Number.POSITIVE_INFINITY)).toEqual({ seconds: 2 ** 31, nanoseconds: 0 });
  });
});

describe('what setattr asks for', () => {
  const wish = fuse_setattr_in.decode(new Uint8Array(fuse_setattr_in.size));
  const times = { atime: 5n, atimensec: 6, mtime: -7n, mtimensec: 8 };

  test('is what its flags name, and nothing else (UTIME_OMIT)', () => {
    expect(changesOf({ ...wish, ...times, size: 9, mode: 0o100600, uid: 1, gid: 2, valid: 0 }, 1n)).toEqual({});
    expect(changesOf({ ...wish, ...times, valid: 1 << 5 }, 1n)).toEqual({ modified: -6_999_999_992n });
    expect(changesOf({ ...wish, ...times, valid: 1 << 4 }, 1n)).toEqual({ accessed: 5_000_000_006n });
    expect(changesOf({ ...wish, size: 9, mode: 0o100600, uid: 1, gid: 2, valid: 0b1111 }, 1n)).toEqual({
      size: 9,
      mode: 0o600,
      uid: 1,
      gid: 2,
    });
  });

  test('may be the present time (UTIME_NOW)', () => {
    expect(changesOf({ ...wish, ...times, valid: (1 << 5) | (1 << 8) | (1 << 4) }, 77n)).toEqual({
      modified: 77n,
      accessed: 5_000_000_006n,
    });
  });
});

test.each([0n, 1n, -1n, -1_000_000_000n, 1_999_999_999n, -1_999_999_999n])('the time %s splits and joins', (time) => {
  const { seconds, nanoseconds } = splitTime(time);
  expect(nanoseconds).toBeGreaterThanOrEqual(0);
  expect(joinTime(seconds, nanoseconds)).toBe(time);
});
