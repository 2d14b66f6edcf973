import { expect, test } from 'vitest';
import { mountFlags, parseKernelOptions } from '../../../src/mount/attach/kernel-options.ts';
import { parseMountTable } from '../../../src/mount/attach/mount-table.ts';

test('options are read as mount(8) does, and nothing gets rights or devices unless asked', () => {
  expect(parseKernelOptions([])).toEqual({ general: ['nosuid', 'nodev'], fuse: [] });
  const { general, fuse } = parseKernelOptions(['ro,noexec', 'exec', 'suid,allow_other', 'default_permissions']);
  expect(general).toEqual(['nodev', 'ro']);
  expect(fuse).toEqual(['allow_other', 'default_permissions']);
  expect(mountFlags({ general, fuse })).toBe(1 | 4);
});

test('an unknown option is an error', () => {
  expect(() => parseKernelOptions(['ro,fd=3'])).toThrow('unknown mount option "fd=3"');
  expect(() => parseKernelOptions(['constructor'])).toThrow('unknown mount option "constructor"');
});

test("the kernel's table of mounts is read, with spaces and line ends in names", () => {
  const line = '36 35 0:51 / /mnt/a\\040b\\012c rw,nosuid shared:1 master:2 - fuse.coffer secret:\\134x rw,user_id=0';
  expect(parseMountTable(`${line}\n`)).toEqual([
    { device: '0:51', mountPoint: '/mnt/a b\nc', type: 'fuse.coffer', source: 'secret:\\x', userId: 0 },
  ]);
});

test('who asks for other options of a mount that is there hears how to get them', () => {
  expect(() => parseKernelOptions(['remount,ro'])).toThrow('unmount it, and mount it with others');
});
