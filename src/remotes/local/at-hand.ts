import fs, { type BigIntStats } from 'node:fs';
import type { AtHand } from '../../core/remote.ts';
import type { DiskPaths } from './disk-path.ts';
import { readFlags } from './read.ts';
import { largeTransfer, native, system } from './system.ts';

const bigint = { bigint: true } as const;

/** A file that is kept open: to look whether its path still leads to it, unchanged, costs less than to open it again. */
export function openAtHand(paths: DiskPaths, path: string, followsLinks: boolean): AtHand | null {
  const disk = native(paths.toDisk(path));
  const fd = quietly(() => fs.openSync(disk, readFlags(followsLinks)));
  if (fd === null) return null;
  const stats = quietly(() => fs.fstatSync(fd, bigint));
  if (!stats?.isFile()) {
    fs.closeSync(fd);
    return null;
  }
  const look = followsLinks ? fs.statSync : fs.lstatSync;
  const isFilled = (out: Uint8Array, start: number): boolean =>
    fs.readSync(fd, out, 0, out.length, start) === out.length && isSame(stats, look(disk, bigint));
  return {
    entry: { kind: 'file', path, size: Number(stats.size), modified: stats.mtimeNs },
    fill: (out, start) => out.length < largeTransfer && quietly(() => isFilled(out, start)) === true,
    close: () => fs.closeSync(fd),
  };
}

/** Null also where it fails: the caller then reads as usual, and is told why. */
function quietly<T>(direct: () => T): T | null {
  try {
    return system.atOnce(direct);
  } catch {
    return null;
  }
}

function isSame(then: BigIntStats, now: BigIntStats): boolean {
  return then.ino === now.ino && then.dev === now.dev && then.size === now.size && then.mtimeNs === now.mtimeNs;
}
