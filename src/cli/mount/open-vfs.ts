import { tmpdir } from 'node:os';
import type { Location } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { createVfs } from '../../vfs/create-vfs.ts';
import { createDirectStore, defaultReading, defaultRetries } from '../../vfs/direct/store.ts';
import { defaultVfsOptions, type VfsOptions } from '../../vfs/options.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import type { MountFlags, TreeFlags } from './flags.ts';

/** The tree that the flags of a mount ask for. */
export function openVfs(location: Location, flags: MountFlags & TreeFlags, report: Report): Vfs {
  const direct = { spoolFolder: tmpdir(), reading: defaultReading, retries: defaultRetries };
  return createVfs(location, createDirectStore(location.remote, direct, report), vfsOptions(flags), report);
}

function vfsOptions(flags: MountFlags & TreeFlags): VfsOptions {
  const umask = flags.umask ?? process.umask();
  return {
    isReadOnly: flags['read-only'] || flags.option.includes('ro'),
    uid: flags.uid < 0 ? defaultVfsOptions.uid : flags.uid,
    gid: flags.gid < 0 ? defaultVfsOptions.gid : flags.gid,
    folderMode: flags['dir-perms'] & ~umask,
    fileMode: flags['file-perms'] & ~umask,
    folderCacheTime: flags['dir-cache-time'],
    pollInterval: flags['poll-interval'],
    usesModified: !flags['no-modtime'],
  };
}
