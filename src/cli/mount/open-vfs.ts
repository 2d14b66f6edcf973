import { tmpdir } from 'node:os';
import type { Location } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';
import { placeName } from '../../transfer/place.ts';
import { type CacheOptions, defaultCacheOptions } from '../../vfs/cache/options.ts';
import { createCachedStore } from '../../vfs/cache/store.ts';
import type { ContentStore } from '../../vfs/content.ts';
import { createVfs } from '../../vfs/create-vfs.ts';
import { createDirectStore, defaultRetries } from '../../vfs/direct/store.ts';
import { defaultVfsOptions, type VfsOptions } from '../../vfs/options.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import type { CacheFlags } from './cache-flags.ts';
import { defaultCacheFolder } from './cache-folder.ts';
import type { MountFlags, TreeFlags } from './flags.ts';

export interface VfsRequest {
  readonly location: Location;
  readonly flags: MountFlags & TreeFlags & CacheFlags;
  /** The config that names the remote: another's remote of that name is another. */
  readonly configPath: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly report: Report;
}

/** The tree that the flags of a mount ask for. Throws Failure('exists') where another mount has its cache. */
export async function openVfs(request: VfsRequest): Promise<Vfs> {
  const { location, flags, report } = request;
  asCrypt(location.remote)?.cipher.engine.prepare();
  const attributeRoom = (await location.remote.attributeRoom?.(location.path)) ?? 0;
  return createVfs(location, await openStore(request), vfsOptions(flags, attributeRoom), report);
}

async function openStore({ location, flags, configPath, environment, report }: VfsRequest): Promise<ContentStore> {
  const mode = flags['vfs-cache-mode'];
  const reading = { size: flags['vfs-read-chunk-size'], limit: flags['vfs-read-chunk-size-limit'] };
  if (mode === 'off' || mode === 'minimal') {
    const options = {
      spoolFolder: tmpdir(),
      reading: { ...reading, wait: flags['vfs-read-wait'] },
      retries: defaultRetries,
    };
    return createDirectStore(location.remote, options, report);
  }
  const options: CacheOptions = {
    ...defaultCacheOptions,
    mode,
    cacheFolder: flags['cache-dir'] ?? defaultCacheFolder(environment),
    identity: JSON.stringify([configPath, placeName(location)]),
    reading: { ...reading, readAhead: flags['vfs-read-ahead'] },
    isPlain: flags['vfs-cache-plain'],
    isReadOnly: isReadOnly(flags),
    syncsRemote: flags['fsync-remote'] && !isReadOnly(flags),
    writeBack: { ...defaultCacheOptions.writeBack, delay: flags['vfs-write-back'] },
    limits: {
      size: flags['vfs-cache-max-size'],
      age: flags['vfs-cache-max-age'],
      pollInterval: flags['vfs-cache-poll-interval'],
      minFree: flags['vfs-cache-min-free-space'],
    },
  };
  return createCachedStore(location.remote, options, report);
}

function isReadOnly(flags: MountFlags): boolean {
  return flags['read-only'] || flags.option.some((words) => words.split(',').includes('ro'));
}

function vfsOptions(flags: MountFlags & TreeFlags, attributeRoom: number): VfsOptions {
  const umask = flags.umask ?? process.umask();
  return {
    isReadOnly: isReadOnly(flags),
    uid: flags.uid < 0 ? defaultVfsOptions.uid : flags.uid,
    gid: flags.gid < 0 ? defaultVfsOptions.gid : flags.gid,
    folderMode: flags['dir-perms'] & ~umask,
    fileMode: flags['file-perms'] & ~umask,
    folderCacheTime: flags['dir-cache-time'],
    pollInterval: flags['poll-interval'],
    usesModified: !flags['no-modtime'],
    attributeRoom,
    overridesOwner: flags.uid >= 0 || flags.gid >= 0,
    usesLinks: flags['vfs-links'],
  };
}
