import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { Failure } from '../../core/failure.ts';
import { nameToBytes } from '../../core/name-bytes.ts';
import { nowInNanoseconds } from '../../core/now.ts';
import { createRandomPieces } from '../../crypto/random-pieces.ts';
import { makeDirs } from '../../remotes/local/make-dir.ts';
import { replaceFile, syncPath, temporaryEnd, touch, unlessMissing, unlinkIfThere } from './disk.ts';
import { failing } from './failing.ts';
import { chooseKey, type FolderKey, keepKey } from './folder-key.ts';
import { lockFolder } from './folder-lock.ts';
import { type FileKeys, fileKeys, noKeys } from './keys.ts';
import { type FileRecord, openRecord, sealRecord } from './record.ts';
import { createMaking, type Making } from './remaking.ts';

/** Whether a file holds what is not on the remote yet, or there is nothing but a rename to tell of. */
export type RecordState = 'dirty' | 'clean' | 'moving';

export interface RecordWriting {
  readonly isDurable: boolean;
  /** Whether none can have stood before. */
  readonly isFirst: boolean;
}

/** The cache of one place on one remote. Each cached file has a random name, `id`, which tells whether it lies in the
 *  clear, and under it `id.blocks` and one record: `id.dirty` or `id.clean`; `id.moving` stands alone. */
export interface CacheFolder extends AsyncDisposable {
  readonly path: string;
  newId(): string;
  /** Whether a file may stay once the remote has what is in it: in the clear only where that is asked for. */
  mayKeep(id: string): boolean;
  keys(id: string): FileKeys;
  blocksPath(id: string): string;
  /** For what makes a file of `blocksPath`. */
  readonly making: Making;
  /** Bytes on the disk of a file's blocks; null where these are gone. */
  sizeOf(id: string): Promise<number | null>;
  /** What is in the folder, `null` where a file has only blocks. To be called before anything is written. */
  list(): Promise<ReadonlyMap<string, RecordState | null>>;
  /** Null for a record that does not open: damaged, removed, or sealed under another key. */
  readRecord(id: string, state: RecordState): Promise<FileRecord | null>;
  /** Puts a record in place of the one there was, whole or not at all, and where `isDurable` waits for the disk. */
  writeRecord(id: string, state: RecordState, record: FileRecord, how: RecordWriting): Awaitable<void>;
  /** Waits until the record, where there is one, is on the disk. */
  syncRecord(id: string, state: RecordState): Promise<void>;
  /** Takes note that the clean file was used. */
  touchRecord(id: string): Promise<void>;
  /** Milliseconds since 1970 of the last record or note. */
  usedAt(id: string): Promise<number>;
  /** Removes the file's records. */
  forget(id: string): Promise<void>;
  /** Removes all there is of a file. */
  remove(id: string): Promise<void>;
  /** Puts a file that cannot be read out of the way, for its owner to judge; returns where it is. */
  setAside(id: string): Promise<string>;
}

const nextId = createRandomPieces(16);
const plainEnd = '-plain';
const fileName = /^([0-9a-f]{32}(?:-plain)?)\.(blocks|dirty|clean|moving)$/;
const secretMode = 0o700;

/** The folder below `cacheFolder` for the place that `identity` names, made where it is missing, its owner's alone, and
 *  locked. Where `key` is null, one is kept in it; new files lie in the clear where `isPlain`. Throws Failure('exists')
 *  where another mount has it, Failure('denied') where another user has. */
export async function openCacheFolder(
  cacheFolder: string,
  identity: string,
  { key, isPlain }: { readonly key: Uint8Array | null; readonly isPlain: boolean },
): Promise<CacheFolder> {
  const name = createHash('sha256').update(nameToBytes(identity)).digest('hex').slice(0, 32);
  const path = join(cacheFolder, 'vfs', name);
  const isNew = (await failing(path, () => makeDirs(path, secretMode))) !== null;
  if (!isNew) await failing(path, () => requireOwn(path));
  const unlock = await failing(path, () => lockFolder(path));
  try {
    const chosen = await failing(path, () => chooseKey(path, key));
    return createCacheFolder(path, { ...chosen, isPlain }, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

function createCacheFolder(
  path: string,
  { key, keepsKey, isPlain }: FolderKey & { readonly isPlain: boolean },
  firstUnlock: () => Promise<void>,
): CacheFolder {
  let unlock = firstUnlock;
  const making = createMaking(async () => {
    if ((await makeDirs(path, secretMode)) === null) return;
    unlock = await lockFolder(path);
    if (keepsKey) await keepKey(path, key);
  });
  const pathOf = (id: string, end: 'blocks' | RecordState): string => join(path, `${id}.${end}`);
  // Of the file that was asked for last: a new one needs them for its blocks, and then for its record.
  let latest = { id: '', keys: noKeys };

  function keys(id: string): FileKeys {
    if (id.endsWith(plainEnd)) return noKeys;
    if (latest.id !== id) latest = { id, keys: fileKeys(key, id) };
    return latest.keys;
  }

  async function forget(id: string): Promise<void> {
    // What is not on the remote goes last: of a file that was killed half-way, too much is left rather than too little.
    for (const state of ['clean', 'moving', 'dirty'] as const) await unlinkIfThere(pathOf(id, state));
  }

  return {
    path,
    newId: () => Buffer.from(nextId()).toString('hex') + (isPlain ? plainEnd : ''),
    mayKeep: (id) => isPlain || !id.endsWith(plainEnd),
    keys,
    blocksPath: (id) => pathOf(id, 'blocks'),
    making,
    sizeOf: (id) => failing(path, async () => (await unlessMissing(() => stat(pathOf(id, 'blocks'))))?.size ?? null),

    list: () =>
      failing(path, async () => {
        const found = new Map<string, RecordState | null>();
        for (const name of await readdir(path)) {
          if (name.endsWith(temporaryEnd)) await unlinkIfThere(join(path, name));
          const [, id, end] = fileName.exec(name) ?? [];
          if (id === undefined) continue;
          const known = found.get(id) ?? null;
          if (end === 'dirty' || known === null) found.set(id, end === 'blocks' ? null : (end as RecordState));
        }
        return found;
      }),

    readRecord: (id, state) =>
      failing(path, async () => {
        const sealed = await unlessMissing(() => readFile(pathOf(id, state)));
        return sealed && openRecord(sealed, keys(id).record);
      }),

    writeRecord: (id, state, record, { isDurable, isFirst }) =>
      failing(path, () => {
        const sealed = sealRecord(record, keys(id).record);
        const written = making(() => replaceFile(pathOf(id, state), sealed, isDurable));
        if (isFirst && !isDurable) return written;
        return whenThere(written, async () => {
          if (!isFirst) await unlinkIfThere(pathOf(id, state === 'dirty' ? 'clean' : 'dirty'));
          if (isDurable) await syncPath(path);
        });
      }),

    syncRecord: (id, state) =>
      failing(path, async () => {
        await unlessMissing(() => syncPath(pathOf(id, state)));
        await syncPath(path);
      }),

    touchRecord: (id) => failing(path, async () => touch(pathOf(id, 'clean'), nowInNanoseconds())),
    usedAt: (id) => failing(path, async () => (await stat(pathOf(id, 'clean'))).mtimeMs),
    forget: (id) => failing(path, () => forget(id)),
    remove: (id) =>
      failing(path, async () => {
        await forget(id);
        await unlinkIfThere(pathOf(id, 'blocks'));
      }),

    setAside: (id) =>
      failing(path, async () => {
        const aside = join(path, 'damaged');
        await makeDirs(aside, secretMode);
        for (const end of ['blocks', 'dirty', 'clean'] as const) {
          await unlessMissing(() => rename(pathOf(id, end), join(aside, `${id}.${end}`)));
        }
        return aside;
      }),

    [Symbol.asyncDispose]: () => unlock(),
  };
}

/** Somebody else's folder may hold a key that they know. A symbolic link may be theirs, wherever it leads. */
async function requireOwn(folder: string): Promise<void> {
  const stats = await lstat(folder);
  if (stats.isDirectory() && stats.uid === process.geteuid?.()) return;
  const message = `the cache at ${folder} is another user's, who could read what is in it: give a folder of your own with --cache-dir`;
  throw new Failure('denied', message, { path: folder });
}
