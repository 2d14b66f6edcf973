import { expect, test } from 'vitest';
import { isAllowed } from '../../src/mount/access.ts';
import { opcodes } from '../../src/mount/protocol/opcodes.ts';

const header = (uid: number, opcode: number) => ({
  len: 40,
  opcode,
  unique: 2,
  nodeid: 1,
  uid,
  gid: 0,
  pid: 1,
  total_extlen: 0,
});

test('with --allow-root only root and the mounter get in, others go on with what they were handed open', () => {
  const users = new Set([0, 1000]);
  expect(isAllowed(header(0, opcodes.FUSE_LOOKUP), users)).toBe(true);
  expect(isAllowed(header(1000, opcodes.FUSE_OPEN), users)).toBe(true);
  expect(isAllowed(header(1001, opcodes.FUSE_LOOKUP), users)).toBe(false);
  expect(isAllowed(header(1001, opcodes.FUSE_READ), users)).toBe(true);
  expect(isAllowed(header(1001, opcodes.FUSE_LOOKUP), null)).toBe(true);
});
