import { Failure } from '../../core/failure.ts';
import { escapeOption } from '../attach/attach.ts';
import type { MountOptions } from '../transport.ts';

/** What libfuse 2 can do, and does only when told: larger requests than a page, several reads at a time, our numbers of
 *  nodes. */
const abilities = [
  'big_writes',
  'max_write=131072',
  'max_readahead=1048576',
  'async_read',
  'atomic_o_trunc',
  'use_ino',
];

// Beyond eleven requests at once fuse-native loses what it has of a thread, for good. The kernel can be told of those for
// which no program waits.
const atOnce = 'max_background=8';

// Room for them in fuse-native.c.
const longest = 1023;

/** What stands behind `-o`. Throws Failure('usage') for what this transport can't do. */
export function optionWords(options: MountOptions, platform: NodeJS.Platform = process.platform): string {
  const words = [
    `fsname=${escapeOption(options.deviceName)}`,
    ...timeouts(options.attributeTimeout),
    ...kernelWords(options),
    ...(platform === 'darwin'
      ? [`volname=${escapeOption(options.deviceName)}`, 'use_ino']
      : ['subtype=coffer', 'nonempty', ...abilities, atOnce]),
  ].join(',');
  if (Buffer.byteLength(`-o${words}`) <= longest) return words;
  throw new Failure('usage', `--transport fuse-native: the name of the device is too long: set a shorter --devname`);
}

function timeouts(milliseconds: number): readonly string[] {
  const seconds = (milliseconds / 1000).toFixed(3);
  return ['attr_timeout', 'entry_timeout', 'negative_timeout'].map((word) => `${word}=${seconds}`);
}

function kernelWords({ kernel, allowedUsers }: MountOptions): readonly string[] {
  if (kernel.general.includes('nodiratime')) {
    throw new Failure('usage', '--transport fuse-native does not know the mount option "nodiratime"');
  }
  const general = new Set(kernel.general);
  // libfuse adds them unless it is told.
  const permissive = [...(general.has('nosuid') ? [] : ['suid']), ...(general.has('nodev') ? [] : ['dev'])];
  // libfuse itself holds others off where only root is allowed.
  const fuse = kernel.fuse.map((word) => (word === 'allow_other' && allowedUsers ? 'allow_root' : word));
  return [...general, ...permissive, ...fuse];
}
