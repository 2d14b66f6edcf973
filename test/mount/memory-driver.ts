// Mounts a Vfs in memory on the folder of its first argument, as a process of its own: a test that waits for itself hangs.

import { parseKernelOptions } from '../../src/mount/attach/kernel-options.ts';
import { checkMountPoint } from '../../src/mount/attach/mount-point.ts';
import { mount } from '../../src/mount/mount.ts';
import { createMemoryVfs } from './memory-vfs.ts';

const [given = '', words = 'default_permissions'] = process.argv.slice(2);
const say = (subject: string, message: string): void => console.error(subject, message);

const mountPoint = await checkMountPoint(given, false);
const vfs = createMemoryVfs();
const mounted = await mount(vfs, {
  mountPoint,
  deviceName: 'memory:a, b',
  kernel: parseKernelOptions([words]),
  attributeTimeout: 1000,
  allowedUsers: null,
  report: { error: say, notice: say, info: say, debug: () => {} },
  now: () => BigInt(Date.now()) * 1_000_000n,
});
console.log('mounted');
process.on('SIGTERM', () => void mounted.unmount(true));
await mounted.ended;
console.log(`ended with ${vfs.openFiles} open files`);
