import { Failure } from '../../core/failure.ts';
import { parseInteger } from '../../core/options.ts';
import { transportNames } from '../../mount/mount.ts';
import {
  choiceFlag,
  durationFlag,
  type FlagSpec,
  type FlagValues,
  integerFlag,
  listFlag,
  optionalText,
  sizeFlag,
  toggle,
} from '../flags.ts';

/** rclone's flags of a mount, under its names and with its defaults but one: the kernel holds programs to the modes that
 *  it shows. --transport is ours: rclone has one way to the kernel. */
export const mountFlags = {
  'allow-non-empty': toggle('Allow mounting over a non-empty folder'),
  'allow-other': toggle('Allow access to other users'),
  'allow-root': toggle('Allow access to root user'),
  'attr-timeout': durationFlag('Time for which the kernel remembers names and attributes', '1s'),
  daemon: toggle('Run mount in background; returns when the folder can be used'),
  'daemon-wait': durationFlag('Time to wait for the folder to become usable with --daemon', '1m0s'),
  'default-permissions': toggle('Makes kernel enforce access control based on the file mode', undefined, true),
  devname: optionalText('Set the device name - default is remote:path'),
  option: { ...listFlag('Option for mount(8): ro, noexec, noatime, … (repeat if required)'), short: 'o' },
  'read-only': toggle('Only allow read-only access'),
  transport: choiceFlag('Way to the kernel: direct (Linux), or by a library (macOS)', transportNames),
  volname: optionalText('Set the volume name, which is also the device name if there is no --devname'),
} as const;

/** rclone's flags of what a mount shows. */
export const treeFlags = {
  'dir-cache-time': durationFlag('Time to cache directory entries for', '5m0s'),
  'dir-perms': modeFlag('Directory permissions', 0o777),
  'file-perms': modeFlag('File permissions', 0o666),
  gid: ownerFlag('Override the gid field set by the filesystem'),
  'no-modtime': toggle("Don't read/write the modification time (can speed things up)"),
  'poll-interval': durationFlag('How often to look for changes by others in the folders in use (0 to disable)', '1m0s'),
  uid: ownerFlag('Override the uid field set by the filesystem'),
  'vfs-links': toggle("Translate symlinks to/from regular files with a '.rclonelink' extension", undefined, true),
  umask: optionalMode('Permission bits that files and folders do not get - default is that of the shell'),
} as const;

/** Flags that steer how rclone's mount works, never what it does: scripts and lines of fstab that use them must run. */
export const idleFlags = {
  'async-read': toggle('Without effect: reads always run side by side', undefined, true),
  'daemon-timeout': durationFlag('Without effect: the kernel sets no limit here', '0s'),
  'max-read-ahead': sizeFlag('Without effect: see --vfs-read-ahead', '128Ki'),
  'no-checksum': toggle('Without effect: if the store has checksums, they are always compared'),
  'vfs-fast-fingerprint': toggle('Without effect: recognizing a version never takes extra requests'),
  'vfs-write-wait': durationFlag('Without effect: writes may come in any order', '1s'),
  'write-back-cache': toggle('Without effect: the kernel passes on each write'),
} as const;

export type MountFlags = FlagValues<typeof mountFlags>;
export type TreeFlags = FlagValues<typeof treeFlags>;

function modeFlag(help: string, initial: number): FlagSpec<number> {
  const shownDefault = `0${initial.toString(8)}`;
  return { kind: 'value', help, placeholder: 'FileMode', initial, shownDefault, add: (_, text) => parseMode(text) };
}

function optionalMode(help: string): FlagSpec<number | undefined> {
  return { kind: 'value', help, placeholder: 'FileMode', initial: undefined, add: (_, text) => parseMode(text) };
}

/** Permission bits in octal, with or without a leading zero. */
function parseMode(text: string): number {
  if (!/^[0-7]{1,4}$/.test(text))
    throw new Failure('usage', `bad permissions "${text}": give octal digits, as in 0755`);
  return Number.parseInt(text, 8);
}

/** The number of a user or a group; -1 for none. */
function ownerFlag(help: string): FlagSpec<number> {
  return { ...integerFlag(help, -1), add: (_, text) => parseOwner(text) };
}

function parseOwner(text: string): number {
  const owner = parseInteger(text);
  if (owner >= -1 && owner < 2 ** 32 - 1) return owner;
  throw new Failure('usage', `"${text}" is not the number of a user or a group: those are below ${2 ** 32 - 1}`);
}
