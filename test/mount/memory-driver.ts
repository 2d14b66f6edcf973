// Mounts a Vfs in memory on the folder of its first argument, in a process of its own: a test that waits for itself hangs.
// Its second argument: how long the kernel may remember attributes, in milliseconds; its third: the transport. What it says
// goes to standard output, a line each. SIGUSR1 lets the file `slow` be opened; SIGUSR2 changes the file `shared` as if another machine had.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseKernelOptions } from '../../src/mount/attach/kernel-options.ts';
import { checkMountPoint } from '../../src/mount/attach/mount-point.ts';
import { createFarewell } from '../../src/mount/farewell.ts';
import { mount, transportNames } from '../../src/mount/mount.ts';
import { createMemoryVfs } from './memory-vfs.ts';

const [given = '', timeout = '1000', wanted = 'direct'] = process.argv.slice(2);
const transport = transportNames.find((name) => name === wanted) ?? 'direct';
const say = (_subject: string, message: string): void => console.log(message);

async function main(): Promise<void> {
  const vfs = createMemoryVfs();
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  vfs.beforeOpen = async (node) => {
    if (node !== (await vfs.lookup(vfs.root, 'slow'))) return;
    console.log('opening slow');
    await released;
  };
  const mounted = await mount(vfs, {
    transport,
    mountPoint: await checkMountPoint(given, false),
    deviceName: 'memory:a, b',
    kernel: parseKernelOptions(['default_permissions']),
    attributeTimeout: Number(timeout),
    allowedUsers: null,
    report: { error: say, notice: say, info: say, debug: () => {} },
    farewell: createFarewell(),
    now: () => BigInt(Date.now()) * 1_000_000n,
  });
  process.on('SIGUSR1', () => release());
  process.on('SIGUSR2', () => void changeBehind().then(() => console.log('changed')));
  process.on('SIGTERM', () => void mounted.unmount(false).then((gone) => gone || mounted.unmount(true)));

  async function changeBehind(): Promise<void> {
    const node = await vfs.lookup(vfs.root, 'shared');
    if (!node) return;
    const handle = await vfs.open(node, { read: false, write: true, truncate: true });
    await handle.write(0, Buffer.from('from elsewhere'));
    await handle.close();
    await sleep(10);
    vfs.change({ folder: vfs.root, name: 'shared', node });
  }

  console.log('mounted');
  await mounted.ended;
  console.log(`ended with ${vfs.openFiles} open files`);
}

await main().catch((error: Error) => {
  console.log(`failed: ${error.message}`);
  process.exitCode = 1;
});
