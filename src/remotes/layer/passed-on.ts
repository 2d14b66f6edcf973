import type { FileEntry } from '../../core/entry.ts';
import type { Call, Features, Location, Remote } from '../../core/remote.ts';
import { plainFailure } from './plain-words.ts';

/** Where a layer keeps its files: plain paths to paths of the base. */
export interface Placement {
  /** Throws Failure where no file can be kept. */
  file(path: string): string;
  folder(path: string): string;
}

/** What a layer does at a place of its base. Failures speak of the plain path. */
export interface Places {
  atFile<T>(path: string, action: (sealed: string) => Promise<T>): Promise<T>;
  atFolder<T>(path: string, action: (sealed: string) => Promise<T>): Promise<T>;
}

export function createPlaces(placement: Placement): Places {
  async function at<T>(
    place: (path: string) => string,
    path: string,
    action: (sealed: string) => Promise<T>,
  ): Promise<T> {
    const sealed = place(path);
    try {
      return await action(sealed);
    } catch (error) {
      throw plainFailure(error, sealed, path);
    }
  }
  return {
    atFile: (path, action) => at(placement.file, path, action),
    atFolder: (path, action) => at(placement.folder, path, action),
  };
}

type PassedOn =
  | 'remove'
  | 'makeDir'
  | 'removeDir'
  | 'checkPath'
  | 'copy'
  | 'move'
  | 'moveDir'
  | 'purge'
  | 'cleanUp'
  | 'setModified'
  | 'about'
  | 'access'
  | 'link'
  | typeof Symbol.asyncDispose;

/** The methods of a layer that only need to know where things lie in its base. What the base cannot do, the layer cannot
 *  do. `show` turns an entry of the base into one of the layer. Copying and moving in the base is right only where sealed
 *  bytes keep their meaning under another name. */
export function passedOn(
  store: Remote,
  placement: Placement,
  show: (sealed: FileEntry, path: string) => FileEntry,
): Pick<Remote, PassedOn> {
  const { atFile, atFolder } = createPlaces(placement);
  const checkPath = store.checkPath?.bind(store);
  const copy = store.copy?.bind(store);
  const move = store.move?.bind(store);
  const moveDir = store.moveDir?.bind(store);
  const purge = store.purge?.bind(store);
  const cleanUp = store.cleanUp?.bind(store);
  const about = store.about?.bind(store);
  const access = store.access?.bind(store);
  const link = store.link?.bind(store);
  const setModified = store.setModified?.bind(store);
  return {
    remove: (path, call) => atFile(path, (sealed) => store.remove(sealed, call)),
    makeDir: (path, call) => atFolder(path, (sealed) => store.makeDir(sealed, call)),
    removeDir: (path, call) => atFolder(path, (sealed) => store.removeDir(sealed, call)),
    ...(checkPath && { checkPath: (path: string) => atFile(path, checkPath) }),
    ...(copy && {
      copy: async (from: string, to: string, call?: Call) =>
        show(await atFile(from, (sealed) => copy(sealed, placement.file(to), call)), to),
    }),
    ...(move && {
      move: async (from: string, to: string, call?: Call) =>
        show(await atFile(from, (sealed) => move(sealed, placement.file(to), call)), to),
    }),
    ...(moveDir && {
      moveDir: (from: string, to: string, call?: Call) =>
        atFolder(from, (sealed) => moveDir(sealed, placement.folder(to), call)),
    }),
    ...(purge && { purge: (dir: string, call?: Call) => atFolder(dir, (sealed) => purge(sealed, call)) }),
    ...(cleanUp && {
      cleanUp: (dir: string, age: number, call?: Call) => atFolder(dir, (sealed) => cleanUp(sealed, age, call)),
    }),
    ...(setModified && {
      setModified: (path: string, modified: bigint, call?: Call) =>
        atFile(path, (sealed) => setModified(sealed, modified, call)),
    }),
    ...(about && { about: (dir: string, call?: Call) => atFolder(dir, (sealed) => about(sealed, call)) }),
    ...(access && { access: (path: string) => access(placement.folder(path)) }),
    ...(link && {
      link: (path: string, life: number, call?: Call) => atFile(path, (sealed) => link(sealed, life, call)),
    }),
    // The base has an owner of its own.
    async [Symbol.asyncDispose]() {},
  };
}

/** What a layer over this place offers: none of the base's hashes, as they are of other bytes. */
export function featuresOver({ remote, path }: Location): Features {
  const { listsModified, emptyFolders, buckets } = remote.features;
  return {
    hashes: [],
    slowHashes: false,
    get modifiedPrecision() {
      return remote.features.modifiedPrecision;
    },
    listsModified,
    listsMimeTypes: true,
    emptyFolders,
    buckets: buckets && path === '',
  };
}
