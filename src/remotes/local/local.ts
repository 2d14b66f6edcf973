import { createHash } from 'node:crypto';
import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import type { Backend } from '../../core/backend.ts';
import { type Bytes, type Range, sourceOf } from '../../core/bytes.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { hashTypes } from '../../core/hash.ts';
import type { Call, Features, Remote, WriteInfo } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import { openAtHand } from './at-hand.ts';
import { attributeRoomIn, readAttributes, writeAttributes } from './attributes.ts';
import { systemClock } from './clock.ts';
import { copyFile, moveFile, removeFile } from './copy.ts';
import { diskFailure } from './disk-failure.ts';
import { createDiskPaths } from './disk-path.ts';
import { makeFolder, moveFolder, purgeFolder, removeFolder, usageOf } from './folders.ts';
import { foldsNames } from './folding.ts';
import { createLinkGuard, type Found, findFile, followed, linkSuffix } from './links.ts';
import { listFolder } from './list.ts';
import { createMetadataKeeper, type MetadataKeeper } from './metadata.ts';
import { type LocalSettings, localSettings, options } from './options.ts';
import { type ReadPolicy, readFile } from './read.ts';
import { system } from './system.ts';
import { lookFor, type Target, writeFile, writeLink } from './write.ts';

/** This machine's disks. A path is the absolute one without its leading slash. */
export const backend: Backend<typeof options> = {
  type: 'local',
  description: 'Local Disk',
  options,
  async open(own, { settings, report }) {
    return { remote: createLocalRemote(localSettings(own, settings), report), path: '' };
  },
};

export function createLocalRemote(settings: LocalSettings, report: Report): Remote {
  const paths = createDiskPaths(settings);
  const guard = createLinkGuard();
  const keeper = createMetadataKeeper(report);
  const find = (path: string) => findFile(paths, settings.links, path);

  const readPolicy: ReadPolicy = {
    followsLinks: settings.links === 'follow',
    checksUpdates: settings.checksUpdates,
  };

  const isLinkText = (path: string): boolean => settings.links === 'translate' && path.endsWith(linkSuffix);

  function bytesOf(path: string, range?: Range, call?: Call): Bytes {
    return isLinkText(path) ? linkText(path, range, call) : readFile(paths, path, range, call, readPolicy);
  }

  async function* linkText(path: string, range?: Range, call?: Call): Bytes {
    const { link } = await find(path);
    yield* link ? sourceOf(link).open(range) : readFile(paths, path, range, call, readPolicy);
  }

  /** Where `path` is written: the symlink itself for its text file, what a followed symlink leads to. */
  function target(path: string): Awaitable<Target & { readonly isLink: boolean }> {
    const isLink = isLinkText(path);
    const disk = paths.toDisk(isLink ? path.slice(0, -linkSuffix.length) : path);
    guard.check(disk, path);
    if (isLink) guard.add(disk);
    return whenThere(settings.links === 'follow' ? followed(disk, path) : disk, (end) => ({ disk: end, path, isLink }));
  }

  /** Throws Failure('unsupported') where a text is to become the symlink that it stands for: it has to be read for that. */
  async function bothEnds(from: string, to: string): Promise<[Found, Target]> {
    const found = await find(from);
    const end = await target(to);
    if (end.isLink && !found.link) throw new Failure('unsupported', `/${from}: is not a symlink yet`, { path: from });
    return [found, end];
  }

  const features: Features = {
    hashes: hashTypes,
    slowHashes: true,
    get modifiedPrecision() {
      return settings.setsModified ? systemClock().precision : null;
    },
    listsModified: true,
    listsMimeTypes: true,
    emptyFolders: true,
    buckets: false,
    metadata: true,
  };

  return {
    label: '',
    features,
    list: (dir, call) => listFolder({ paths, settings, report, guard }, dir, call),
    stat: async (path, call) => entryOf(path, await find(path), call, keeper),
    read: bytesOf,
    atHand: (path) => (isLinkText(path) ? null : openAtHand(paths, path, readPolicy.followsLinks)),

    async write(path, source, info, call) {
      const known = settings.setsModified ? info : untimed(info);
      return whenThere(target(path), (to) =>
        to.isLink ? writeLink(to, source, known, call) : writeFile(to, source, known, call, keeper),
      );
    },

    async remove(path) {
      await removeFile(await find(path), path);
    },

    async makeDir(path) {
      const disk = paths.toDisk(path);
      guard.check(disk, path);
      await makeFolder(disk, path);
    },
    async checkPath(path) {
      await lookFor(paths.toDisk(path), path);
    },
    removeDir: async (path) => removeFolder(paths.toDisk(path), path),
    purge: async (dir) => purgeFolder(paths.toDisk(dir), dir),

    async hash(path, type, call) {
      const hash = createHash(type);
      for await (const piece of bytesOf(path, undefined, call)) hash.update(piece);
      return hash.digest('hex');
    },

    async setModified(path, modified) {
      if (!settings.setsModified) return;
      const { disk, link } = await find(path);
      try {
        await (link ? system.lutimes : system.utimes)(disk, modified);
      } catch (error) {
        throw diskFailure(error, path);
      }
    },

    attributeRoom: async (dir) => attributeRoomIn(paths.toDisk(dir)),
    async setAttributes(path, attributes) {
      const { disk, link } = await find(path);
      if (link) throw new Failure('unsupported', `/${path}: a symlink has no attributes of its own`, { path });
      try {
        writeAttributes(disk, attributes);
      } catch (error) {
        throw diskFailure(error, path);
      }
    },

    async copy(from, to, call) {
      const [found, end] = await bothEnds(from, to);
      return copyFile(found, from, end, settings.checksUpdates, call);
    },

    async move(from, to) {
      return moveFile(...(await bothEnds(from, to)));
    },

    async moveDir(from, to) {
      await moveFolder({ disk: paths.toDisk(from), path: from }, await target(to));
    },

    foldsNames: (dir) => foldsNames(paths.toDisk(dir), dir),
    about: (dir) => usageOf(paths.toDisk(dir)),
    async [Symbol.asyncDispose]() {},
  };
}

function untimed({ modified: _, ...rest }: WriteInfo): WriteInfo {
  return rest;
}

function entryOf(path: string, found: Found, call: Call | undefined, keeper: MetadataKeeper): FileEntry {
  const { disk, stats, link } = found;
  const size = link ? link.length : Number(stats.size);
  const attributes = call?.attributes && { attributes: link ? null : readAttributes(disk) };
  const metadata = call?.metadata && { metadata: keeper.read(found) };
  return { kind: 'file', path, size, modified: stats.mtimeNs, ...attributes, ...metadata };
}
