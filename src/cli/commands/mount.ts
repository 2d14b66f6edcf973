import { Failure, isFailure, messageOf } from '../../core/failure.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { isInside } from '../../core/path.ts';
import type { Location } from '../../core/remote.ts';
import { parseKernelOptions } from '../../mount/attach/kernel-options.ts';
import { checkMountPoint } from '../../mount/attach/mount-point.ts';
import { createFarewell, type Farewell } from '../../mount/farewell.ts';
import { mount } from '../../mount/mount.ts';
import type { Mounted } from '../../mount/transport.ts';
import { placeName } from '../../transfer/place.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { cacheFlags } from '../mount/cache-flags.ts';
import { daemonParent, startDaemon } from '../mount/daemon.ts';
import { idleFlags, type MountFlags, mountFlags, treeFlags } from '../mount/flags.ts';
import { giveBackBuffers } from '../mount/give-back.ts';
import { openVfs } from '../mount/open-vfs.ts';
import { leftFailure } from '../mount/pending-text.ts';
import { serve } from '../mount/serve.ts';
import { notifySystemd } from '../mount/systemd.ts';
import { openFolder } from '../source.ts';

const flags = { ...mountFlags, ...treeFlags, ...cacheFlags, ...idleFlags };
type Context = CommandContext<typeof flags>;

export const command = defineCommand({
  usage: 'remote:path /path/to/mountpoint',
  summary: 'Mount the remote as file system on a mountpoint',
  help: `Shows a folder of a remote as a folder of this machine, in which every program can read and write. It runs until it is
stopped (Ctrl-C, SIGTERM) or unmounted (coffer unmount, fusermount3 -u, umount), and then waits until everything that was
written is on the remote. A second Ctrl-C does not wait.

With --daemon it goes to the background as soon as the folder can be used, or says why it cannot.

Root can mount directly; other users need fusermount3 from the package fuse3, and for --allow-other the line
user_allow_other in /etc/fuse.conf. Modes and owners are set by --file-perms, --dir-perms, --umask, --uid and --gid. The
kernel enforces them: unlike with rclone, --default-permissions is on.

Modes, owners and extended attributes that programs set on files are kept with the objects if the store can do that (Swift,
S3, most disks), and are encrypted on a crypt remote; those of folders are kept until the mount ends. Symlinks are stored as
text files whose names end in .rclonelink, as with rclone copy --links.

What is read and written is kept, encrypted, below --cache-dir. What a crash or a second Ctrl-C has left there is uploaded by
the next mount of the same remote, unless that is --read-only. --vfs-cache-plain leaves the cache unencrypted, and
--vfs-cache-mode off keeps none; unlike with rclone, the default mode is full. fsync waits for this machine's disk, and with
--fsync-remote for the remote.

SIGHUP makes it look at all folders again.

--transport fuse-native uses the library of that name and libfuse 2, for systems where coffer can't speak to the kernel
directly (macOS). It is slower, and keeps less: a notice says what.

    coffer mount allas-crypt: ~/allas
    coffer mount --daemon --read-only --log-file mount.log allas-crypt:job_6 ~/job_6
    coffer unmount ~/allas`,
  arguments: { min: 2, max: 2 },
  flags,
  needsOwnTimes: true,
  subcommands: new Map([['status', () => import('./mount/status.ts')]]),
  async run(context) {
    const { flags, session } = context;
    reserveThreads();
    giveBackBuffers();
    const parent = daemonParent();
    if (flags.daemon && !parent) {
      return startDaemon(flags['daemon-wait'], session.signal).catch((error: unknown) => tellTerminal(context, error));
    }
    const farewell = createFarewell();
    await using started = await start(context, farewell).catch((error: unknown) => {
      if (!parent || !isFailure(error)) throw error;
      parent.failed(error);
      return null;
    });
    if (!started) return;
    const { vfs, mounted, mountPoint, location } = started;
    // All users can see the words of a command, and one of these may hold a password.
    process.title = `coffer mount ${placeName(location)} ${mountPoint}`;
    const refresh = (): void => vfs.invalidate();
    process.on('SIGHUP', refresh);
    if (parent) parent.ready();
    else context.log.notice(mountPoint, `${placeName(location)} is mounted: Ctrl-C unmounts it`);
    notifySystemd('READY=1', context.io.environment);
    const left = await serve(mounted, vfs, mountPoint, context.log, session.signal);
    process.off('SIGHUP', refresh);
    farewell.say({ pid: process.pid, pending: left });
    if (left.files > 0) throw leftFailure(mountPoint, left);
  },
});

/** Node's threads wait for disks, and for the kernel where it is told of a change. Their number is fixed when the first is
 *  needed. */
function reserveThreads(): void {
  process.env.UV_THREADPOOL_SIZE ??= '16';
}

/** --log-file is for what the background has to say: whoever waits at the terminal hears why there is none. */
async function tellTerminal({ flags, io }: Context, error: unknown): Promise<never> {
  if (flags['log-file']) await io.stderr.write(`${messageOf(error)}\n`);
  throw error;
}

interface Started extends AsyncDisposable {
  readonly vfs: Vfs;
  readonly mounted: Mounted;
  readonly mountPoint: string;
  readonly location: Location;
}

/** Looks at everything that could be wrong before it mounts. */
async function start(context: Context, farewell: Farewell): Promise<Started> {
  const { args, flags, log } = context;
  const [spec = '', folder = ''] = args;
  const kernel = parseKernelOptions(kernelWords(flags));
  const mountPoint = await checkMountPoint(folder, flags['allow-non-empty']);
  const location = await openFolder(context, spec);
  refuseOverlap(location, mountPoint);
  await readOnce(location, context.session.signal);
  const configPath = context.configFile().path;
  const vfs = await openVfs({ location, flags, configPath, environment: context.io.environment, report: log });
  try {
    const mounted = await mount(vfs, {
      transport: flags.transport,
      mountPoint,
      deviceName: flags.devname ?? flags.volname ?? placeName(location),
      kernel,
      attributeTimeout: flags['attr-timeout'],
      allowedUsers: flags['allow-root'] ? new Set([0, process.getuid?.() ?? 0]) : null,
      report: log,
      farewell,
      now: nowInNanoseconds,
    });
    return { vfs, mounted, mountPoint, location, [Symbol.asyncDispose]: () => vfs[Symbol.asyncDispose]() };
  } catch (error) {
    await vfs[Symbol.asyncDispose]();
    throw error;
  }
}

function kernelWords(flags: MountFlags): readonly string[] {
  if (flags['allow-other'] && flags['allow-root']) {
    throw new Failure('usage', 'use --allow-other or --allow-root, not both');
  }
  return [
    ...(flags['read-only'] ? ['ro'] : []),
    ...(flags['allow-other'] || flags['allow-root'] ? ['allow_other'] : []),
    ...(flags['default-permissions'] ? ['default_permissions'] : []),
    ...flags.option,
  ];
}

/** A mount of a folder of this machine within itself would ask itself. */
function refuseOverlap(location: Location, mountPoint: string): void {
  if (location.remote.label !== '') return;
  const folder = placeName(location);
  if (!isInside(folder, mountPoint) && !isInside(mountPoint, folder)) return;
  throw new Failure('usage', `${mountPoint} and ${folder} overlap: mount on a folder elsewhere`);
}

/** A wrong password, a store that cannot be reached: better said now than by each program in the folder. A folder that is
 *  not there yet is made by the first file in it. */
async function readOnce({ remote, path }: Location, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of remote.list(path, { signal })) return;
  } catch (error) {
    if (!isFailure(error, 'folder-not-found')) throw error;
  }
}
