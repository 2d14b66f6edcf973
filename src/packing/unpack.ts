import { link } from 'node:fs/promises';
import type { Bytes } from '../core/bytes.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import { Failure } from '../core/failure.ts';
import { nameToBytes } from '../core/name-bytes.ts';
import { depthOf, isInside, parentPath } from '../core/path.ts';
import type { TarEntry } from '../formats/tar/entry.ts';
import { readTar, type TarMember } from '../formats/tar/read.ts';
import { diskFailure, isSystemError } from '../remotes/local/disk-failure.ts';
import { closing, native, system } from '../remotes/local/system.ts';
import { writeDiskFile } from './disk-write.ts';
import { leadsOut, memberPath, requireReachable } from './member-path.ts';
import { folderFlags, onDisk } from './on-disk.ts';

export interface UnpackOptions {
  /** The member, or folder of members, that is wanted; '' for all. */
  readonly member: string;
  /** Where what is unpacked will lie: the way there may be longer than the one to where it is made. */
  readonly folder: string;
  /** Whether links that lead out of their folder are made. */
  readonly outsideLinks: boolean;
  readonly signal: AbortSignal;
}

/** What an archive held. */
export interface Unpacked {
  /** Folders that it names, with the attributes they are to get; those that only members lie in are not among them. */
  readonly folders: ReadonlyMap<string, TarEntry>;
  /** Members that were unpacked. */
  readonly count: number;
}

/** Unpacks an archive below `root`, an empty folder that nobody else may enter, and reads the stream to its end. Links are
 *  made last, so that nothing is ever written by way of them; folders get their attributes by `finishFolders`.
 *  Throws Failure('denied') for an archive that would reach out of the folder or holds devices, 'corrupt' where it is
 *  broken or names something twice, 'not-found' without the wanted member. What it left in `root` is of no use then. */
export async function unpack(archive: Bytes, root: string, options: UnpackOptions): Promise<Unpacked> {
  const made = { root, folders: new Map<string, TarEntry>(), known: new Set(['']), files: new Set<string>() };
  const links: { readonly path: string; readonly entry: TarEntry }[] = [];
  let count = 0;
  for await (const member of readTar(archive)) {
    throwIfCancelled(options.signal);
    const path = memberPath(member.entry.path);
    if (path === '' || !isInside(options.member, path)) continue;
    requireReachable(options.folder, path);
    count++;
    const { entry } = member;
    if (entry.kind === 'symlink') {
      refuseOutside(path, entry, options);
      links.push({ path, entry });
    } else {
      await makeMember(made, path, member);
    }
  }
  for (const { path, entry } of links) await makeLink(made, path, entry);
  if (count === 0 && options.member !== '') {
    throw new Failure('not-found', `the archive holds no "${options.member}": give its path as it is in the archive`);
  }
  return { folders: made.folders, count };
}

interface Made {
  readonly root: string;
  readonly folders: Map<string, TarEntry>;
  /** Folders that were made, '' among them. */
  readonly known: Set<string>;
  readonly files: Set<string>;
}

async function makeMember(made: Made, path: string, { entry, data }: TarMember): Promise<void> {
  if (entry.kind === 'folder') {
    await makeFolder(made, path);
    made.folders.set(path, entry);
    return;
  }
  await makeFolder(made, parentPath(path));
  if (entry.kind === 'file') {
    await asMember(path, () => writeDiskFile(`${made.root}/${path}`, entry, data));
    made.files.add(path);
  } else if (entry.kind === 'hardlink') {
    const target = memberPath(entry.target);
    if (!made.files.has(target)) {
      throw new Failure(
        'corrupt',
        `"${path}" in the archive is a further name of "${target}", which did not come before it`,
      );
    }
    await asMember(path, () => link(native(`${made.root}/${target}`), native(`${made.root}/${path}`)));
    made.files.add(path);
  } else {
    throw new Failure('denied', `"${path}" in the archive is a device or pipe: nothing was unpacked`, { path });
  }
}

/** Makes a folder and those above it; each is one that was made here, no link. */
async function makeFolder(made: Made, path: string): Promise<void> {
  if (made.known.has(path)) return;
  await makeFolder(made, parentPath(path));
  await asMember(path, () => system.makeDir(`${made.root}/${path}`, 0o700));
  made.known.add(path);
}

async function makeLink(made: Made, path: string, entry: TarEntry): Promise<void> {
  await makeFolder(made, parentPath(path));
  const disk = `${made.root}/${path}`;
  await asMember(path, async () => {
    await system.makeLink(nameToBytes(entry.target), disk);
    await system.lutimes(disk, entry.modified);
  });
}

function refuseOutside(path: string, { target }: TarEntry, { outsideLinks }: UnpackOptions): void {
  if (outsideLinks || !leadsOut(path, target)) return;
  const message = `"${path}" in the archive is a link that leads out of it, to ${target}: nothing was unpacked; --outside-links makes such links`;
  throw new Failure('denied', message, { path });
}

/** Names the member where the disk says no. */
async function asMember(path: string, make: () => Promise<void> | void): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (isSystemError(error, 'EEXIST', 'ENOTDIR')) {
      const message = `"${path}" is in the archive twice, or under names that are the same to this disk`;
      throw new Failure('corrupt', message, { path, cause: error });
    }
    throw diskFailure(error, path);
  }
}

/** Gives folders their modes and times, the deepest first, once everything is in place below `root`. Throws Failure. */
export async function finishFolders(root: string, folders: ReadonlyMap<string, TarEntry>): Promise<void> {
  const umask = process.umask();
  const deepestFirst = [...folders].sort(([a], [b]) => depthOf(b) - depthOf(a));
  for (const [path, { mode, modified }] of deepestFirst) {
    const disk = `${root}/${path}`;
    await onDisk(disk, async () =>
      closing(await system.open(disk, folderFlags), async (fd) => {
        await system.futimes(fd, modified);
        await system.fchmod(fd, mode & 0o777 & ~umask);
      }),
    );
  }
}
