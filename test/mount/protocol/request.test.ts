import { expect, test } from 'vitest';
import { nameToBytes } from '../../../src/core/name-bytes.ts';
import { openModeOf } from '../../../src/mount/operations/files.ts';
import { direntPlusSize, direntSize, writeDirent } from '../../../src/mount/protocol/dirent.ts';
import { nameAt } from '../../../src/mount/protocol/request.ts';

test('names follow each other, each ended by a zero, of any other bytes', () => {
  const body = Uint8Array.of(0x61, 0, 0xff, 0x0a, 0);
  const first = nameAt(body, 0);
  expect(first).toEqual({ name: 'a', next: 2 });
  expect(nameToBytes(nameAt(body, first.next).name)).toEqual(Uint8Array.of(0xff, 0x0a));
  expect(() => nameAt(body.subarray(0, 4), 2)).toThrow(RangeError);
});

test('a name in a folder takes a multiple of eight bytes', () => {
  expect([0, 1, 8, 9].map((length) => direntSize(new Uint8Array(length)))).toEqual([24, 32, 32, 40]);
  expect(direntPlusSize(new Uint8Array(1))).toBe(160);
  const page = new Uint8Array(40);
  writeDirent(page, 8, { name: Uint8Array.of(0x78), ino: 3, type: 0o040000 }, 9);
  expect(Buffer.from(page.subarray(8)).toString('hex')).toBe(
    ['0300000000000000', '0900000000000000', '01000000', '04000000', '7800000000000000'].join(''),
  );
});

test('the flags of open(2) say how a file is opened', () => {
  expect(openModeOf(0)).toEqual({ read: true, write: false, truncate: false });
  expect(openModeOf(1 | 0o2000)).toEqual({ read: false, write: true, truncate: false });
  expect(openModeOf(2 | 0o1000)).toEqual({ read: true, write: true, truncate: true });
});
