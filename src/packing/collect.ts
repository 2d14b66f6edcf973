import type { BigIntStats } from 'node:fs';
import { basename } from 'node:path';
import { throwIfCancelled } from '../core/cancel.ts';
import { bytesToName } from '../core/name-bytes.ts';
import type { Report } from '../core/report.ts';
import type { TarEntry } from '../formats/tar/entry.ts';
import { system } from '../remotes/local/system.ts';
import type { DiskFile } from './disk-file.ts';
import { findExtents } from './holes.ts';
import { leadsOut } from './member-path.ts';
import { namesIn, onDisk } from './on-disk.ts';
import { type Owners, readOwners } from './owners.ts';

/** Something on disk that goes into an object. */
export interface Item {
  /** As it stands in an archive. */
  readonly entry: TarEntry;
  /** Absolute. */
  readonly disk: string;
  readonly stats: BigIntStats;
  /** What reads it; null for what is no file, and for a further name of one that has been found before. */
  readonly file: DiskFile | null;
}

export interface CollectOptions {
  /** Whether links are taken for what they lead to. */
  readonly followLinks: boolean;
  /** Whether holes in files are looked for: their zeros take no room in an archive. */
  readonly findHoles: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** A file or a whole folder, folders before what is in them. What is no file, folder or link is left out, and told.
 *  Throws Failure for what cannot be read, and 'changed' for a file with holes that is being written. */
export async function collect(disk: string, options: CollectOptions): Promise<readonly Item[]> {
  const items: Item[] = [];
  const collector = { ...options, owners: readOwners(), links: new Map<string, string>(), above: new Set<string>() };
  await add(items, disk, basename(disk), collector, true);
  return items;
}

interface Collector extends CollectOptions {
  readonly owners: Owners;
  /** Device and inode of a file with several names → its first one in the archive. */
  readonly links: Map<string, string>;
  /** Folders that are being walked: links among them could lead in circles. */
  readonly above: Set<string>;
}

async function add(items: Item[], disk: string, path: string, collector: Collector, isTop = false): Promise<void> {
  throwIfCancelled(collector.signal, disk);
  const stats = await statOf(disk, collector.followLinks || isTop);
  const kind = kindOf(stats);
  if (kind === null) {
    collector.report.notice(disk, 'is not a file, folder or link: left out');
    return;
  }
  const identity = `${stats.dev}:${stats.ino}`;
  const first = kind === 'file' && stats.nlink > 1n ? collector.links.get(identity) : undefined;
  if (first !== undefined) {
    const entry = entryOf(path, stats, { kind: 'hardlink', target: first }, collector.owners);
    items.push({ entry, disk, stats, file: null });
  } else if (kind === 'symlink') {
    items.push({ entry: await linkEntry(disk, path, stats, collector), disk, stats, file: null });
  } else if (kind === 'folder') {
    if (collector.above.has(identity)) {
      collector.report.notice(disk, 'links lead back to this folder: not followed again');
      return;
    }
    items.push({ entry: entryOf(path, stats, { kind }, collector.owners), disk, stats, file: null });
    collector.above.add(identity);
    for (const name of await namesIn(disk)) await add(items, `${disk}/${name}`, `${path}/${name}`, collector);
    collector.above.delete(identity);
  } else {
    if (stats.nlink > 1n) collector.links.set(identity, path);
    const file = await diskFile(disk, stats, collector);
    const isSparse = file.extents.length !== 1 || file.extents[0]?.size !== Number(stats.size);
    const extents = isSparse && stats.size > 0n ? file.extents : null;
    items.push({ entry: { ...entryOf(path, stats, { kind }, collector.owners), extents }, disk, stats, file });
  }
}

async function diskFile(path: string, state: BigIntStats, { findHoles, signal }: Collector): Promise<DiskFile> {
  const file = { path, state, extents: [{ offset: 0, size: Number(state.size) }] };
  const hasHoles = findHoles && state.blocks * 512n < state.size;
  return hasHoles ? { ...file, extents: await findExtents(file, signal) } : file;
}

function statOf(disk: string, follow: boolean): Promise<BigIntStats> {
  return onDisk(disk, () => (follow ? system.stat(disk) : system.lstat(disk)));
}

async function linkEntry(disk: string, path: string, stats: BigIntStats, collector: Collector): Promise<TarEntry> {
  const target = bytesToName(await onDisk(disk, () => system.readLink(disk)));
  if (leadsOut(path, target)) {
    collector.report.notice(
      disk,
      `the link leads out of the folder, to ${target}: coffer get makes it only with --outside-links`,
    );
  }
  return entryOf(path, stats, { kind: 'symlink', target }, collector.owners);
}

function kindOf(stats: BigIntStats): 'file' | 'folder' | 'symlink' | null {
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'symlink' : null;
}

function entryOf(
  path: string,
  stats: BigIntStats,
  what: { readonly kind: TarEntry['kind']; readonly target?: string },
  owners: Owners,
): TarEntry {
  const [uid, gid] = [Number(stats.uid), Number(stats.gid)];
  return {
    path: what.kind === 'folder' ? `${path}/` : path,
    kind: what.kind,
    mode: Number(stats.mode) & 0o7777,
    ...{ uid, gid, owner: owners.user(uid), group: owners.group(gid) },
    modified: stats.mtimeNs,
    size: what.kind === 'file' ? Number(stats.size) : 0,
    target: what.target ?? '',
    extents: null,
  };
}
