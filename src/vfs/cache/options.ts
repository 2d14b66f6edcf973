import type { DownloadOptions } from './downloads.ts';
import type { Limits } from './limits.ts';
import type { WriteBackTimes } from './write-back.ts';

/** rclone's flags of a mount that concern the cache, worked out. */
export interface CacheOptions {
  /** `full` keeps what is read, too; `writes` only what is written. */
  readonly mode: 'writes' | 'full';
  /** Holds the caches of all remotes (`--cache-dir`): see `defaultCacheFolder`. */
  readonly cacheFolder: string;
  /** Whether the remote must not be changed: what an earlier run left then waits for another one. */
  readonly isReadOnly: boolean;
  /** What is mounted, and by which config: a cache is one place's. */
  readonly identity: string;
  readonly reading: DownloadOptions;
  readonly writeBack: WriteBackTimes;
  readonly limits: Limits;
  /** Whether files lie in the clear in the cache folder (`--vfs-cache-plain`). */
  readonly isPlain: boolean;
  /** Whether a file that is synced is uploaded, and who asked waits for that (`--fsync-remote`). */
  readonly syncsRemote: boolean;
  /** Bytes of files that are open kept in memory, in plain. */
  readonly memory: number;
  /** Milliseconds after which what was written and closed is brought on the disk itself. */
  readonly settleDelay: number;
}

/** rclone's defaults; what it has no flag for is ours. */
export const defaultCacheOptions: Omit<CacheOptions, 'cacheFolder' | 'identity'> = {
  mode: 'full',
  isReadOnly: false,
  reading: { size: 128 << 20, limit: -1, readAhead: 0 },
  writeBack: { delay: 5000, firstRetry: 1000, lastRetry: 300_000 },
  limits: { size: -1, age: 3_600_000, pollInterval: 60_000, minFree: -1 },
  isPlain: false,
  syncsRemote: false,
  memory: 64 << 20,
  // Later than the first upload: what that takes need not be written to the disk.
  settleDelay: 10_000,
};
