import { choiceFlag, durationFlag, type FlagValues, optionalText, sizeFlag, toggle } from '../flags.ts';

const modes = ['off', 'minimal', 'writes', 'full'] as const;

/** rclone's flags of what a mount reads ahead, keeps on this machine and uploads when, with its defaults but one: the mode.
 *  --fsync-remote and --vfs-cache-plain are ours. */
export const cacheFlags = {
  'cache-dir': optionalText('Folder for the caches of mounts (default ~/.cache/coffer)', { placeholder: 'folder' }),
  'fsync-remote': toggle('fsync waits until the file is on the remote, not only in the cache'),
  'vfs-cache-max-age': durationFlag('Max age of objects in the cache', '1h0m0s'),
  'vfs-cache-max-size': sizeFlag('Max total size of objects in the cache', 'off'),
  'vfs-cache-min-free-space': sizeFlag("Space to leave free on the cache's disk", 'off'),
  'vfs-cache-mode': choiceFlag('Cache mode', modes, 'full'),
  'vfs-cache-plain': toggle('Keep files in the cache unencrypted'),
  'vfs-cache-poll-interval': durationFlag('Interval to poll the cache for stale objects', '1m0s'),
  'vfs-read-ahead': sizeFlag('Extra read ahead when using cache-mode full', '0'),
  'vfs-read-chunk-size': sizeFlag('Read the source objects in chunks', '128Mi'),
  'vfs-read-chunk-size-limit': sizeFlag('Double the chunk size after each chunk read, until this is reached', 'off'),
  'vfs-read-wait': durationFlag('Time to wait for in-sequence read before seeking', '20ms'),
  'vfs-write-back': durationFlag('Time to writeback files after last use when using cache', '5s'),
} as const;

export type CacheFlags = FlagValues<typeof cacheFlags>;
