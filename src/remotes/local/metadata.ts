import type { BigIntStats } from 'node:fs';
import { pathText } from '../../core/c-library.ts';
import type { Metadata, Nanoseconds } from '../../core/entry.ts';
import type { Report } from '../../core/report.ts';
import { formatRfc3339 } from '../../core/rfc3339.ts';
import type { FileAttributes } from '../../formats/file-attributes.ts';
import { attributesToMetadata, invalidValue, metadataToAttributes, timeIn } from '../../formats/metadata.ts';
import { attributesName } from './attributes.ts';
import { isSystemError } from './disk-failure.ts';
import { extendedCalls } from './extended.ts';
import type { Found } from './links.ts';
import { system } from './system.ts';

/** Permissions that a file may get from elsewhere: what runs as its owner, whoever starts it, is nobody else's to make. */
const settableMode = 0o777;

/** What a file is to get besides its bytes and its modification time. */
export interface DiskMetadata extends FileAttributes {
  readonly accessed: Nanoseconds | null;
}

/** rclone's metadata of files on disk. What cannot be kept is told once. */
export interface MetadataKeeper {
  read(found: Found): Metadata;
  /** Tells of values that make no sense; they are left out. */
  parse(metadata: Metadata, path: string): DiskMetadata;
  /** To an open file. Throws node's own errors. */
  write(fd: number, metadata: DiskMetadata, path: string): Promise<void>;
}

export function createMetadataKeeper(report: Report): MetadataKeeper {
  const told = new Set<string>();
  function tellOnce(message: string): void {
    if (!told.has(message)) report.notice('', message);
    told.add(message);
  }

  /** Runs what only some file systems can do. */
  function withExtended<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!isSystemError(error, 'ENOTSUP')) throw error;
      tellOnce('the file system has no extended attributes: those of files are left out');
      return null;
    }
  }

  const extendedOf = (disk: string): ReadonlyMap<string, Uint8Array> =>
    withExtended(() => readExtended(disk)) ?? new Map();

  return {
    read({ disk, stats, link }) {
      const extended = link ? new Map() : extendedOf(disk);
      const metadata = attributesToMetadata({ uid: Number(stats.uid), gid: Number(stats.gid), extended });
      return withStats(metadata, stats);
    },

    parse(metadata, path) {
      const debug = (key: string, value: string): void => report.debug(path, invalidValue(key, value));
      const { extended, ...attributes } = metadataToAttributes(metadata, debug);
      const accessed = timeIn(metadata, 'atime', debug);
      const own = new Map([...extended].filter(([name]) => name !== attributesName));
      return { ...attributes, extended: own, accessed };
    },

    async write(fd, { mode, uid, gid, extended }, path) {
      withExtended(() => {
        for (const [name, value] of extended) extendedCalls()?.set(fd, pathText(name), value);
      });
      if (uid !== undefined || gid !== undefined) {
        // An owner is unknown to some file systems, and in some containers.
        try {
          await system.fchown(fd, uid ?? -1, gid ?? -1);
        } catch (error) {
          if (!isSystemError(error, 'EPERM', 'EINVAL')) throw error;
          report.debug(path, `its owner ${uid}:${gid} cannot be set`);
          tellOnce('owners of files are not restored: only root can do that');
        }
      }
      if (mode !== undefined) await system.fchmod(fd, mode & settableMode);
    },
  };
}

function readExtended(disk: string): ReadonlyMap<string, Uint8Array> {
  const calls = extendedCalls();
  const extended = new Map<string, Uint8Array>();
  for (const name of calls?.list(disk) ?? []) {
    const value = name.startsWith('user.') && name !== attributesName ? calls?.get(disk, pathText(name)) : null;
    if (value) extended.set(name, value);
  }
  return extended;
}

function withStats(metadata: Map<string, string>, stats: BigIntStats): Metadata {
  metadata.set('mode', stats.mode.toString(8));
  metadata.set('atime', formatRfc3339(stats.atimeNs));
  metadata.set('mtime', formatRfc3339(stats.mtimeNs));
  metadata.set('btime', formatRfc3339(stats.birthtimeNs));
  return metadata;
}
