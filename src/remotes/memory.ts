import { createHash } from 'node:crypto';
import type { Backend } from '../core/backend.ts';
import { collect, pieceSize, type Range, rangeLength, type Source } from '../core/bytes.ts';
import { throwIfCancelled } from '../core/cancel.ts';
import type { Entry, FileEntry } from '../core/entry.ts';
import { Failure } from '../core/failure.ts';
import { hashTypes } from '../core/hash.ts';
import { nowInNanoseconds } from '../core/now.ts';
import type { OptionSpecs } from '../core/options.ts';
import { isInside, joinPath, splitFirst } from '../core/path.ts';
import type { Call, Features, Remote, WriteInfo } from '../core/remote.ts';
import { type Bucket, children, fileEntry, folderEntry, hasBelow, pages, type StoredFile } from './memory-bucket.ts';

const options = {} as const satisfies OptionSpecs;

const features: Features = {
  hashes: hashTypes,
  slowHashes: false,
  modifiedPrecision: 1n,
  listsModified: true,
  listsMimeTypes: true,
  emptyFolders: false,
  buckets: true,
};

const attributeRoom = 2048;

// What is written lives as long as the process: two opens of one name see the same files.
const remotes = new Map<string, Remote>();

/** rclone's `:memory:`: buckets of objects in this process's memory, gone when it ends. */
export const backend: Backend<typeof options> = {
  type: 'memory',
  description: 'In memory object storage system',
  options,
  async open(_options, { name }) {
    const remote = remotes.get(name) ?? createMemoryRemote(`${name}:`);
    remotes.set(name, remote);
    return { remote, path: '' };
  },
};

/** An object store of its own. The first segment of a path is a bucket; folders are only prefixes. */
export function createMemoryRemote(label = 'memory:'): Remote {
  const buckets = new Map<string, Bucket>();

  function find(path: string): { bucket: Bucket; key: string; file: StoredFile } {
    const [name, key] = splitFirst(path);
    const bucket = buckets.get(name);
    const file = bucket?.get(key);
    if (bucket && file) return { bucket, key, file };
    if (bucket && (key === '' || hasBelow(bucket, key))) {
      throw new Failure('is-folder', `${path}: is a folder, not a file`, { path });
    }
    throw new Failure('not-found', `${path}: no such file in ${label}`, { path });
  }

  function place(path: string, file: StoredFile, call?: Call): FileEntry {
    const [name, key] = splitFirst(path);
    requireKey(path, key);
    const bucket = buckets.get(name) ?? new Map<string, StoredFile>();
    buckets.set(name, bucket.set(key, file));
    return fileEntry(path, file, call);
  }

  function bucketOf(dir: string): Bucket {
    const bucket = buckets.get(splitFirst(dir)[0]);
    if (bucket) return bucket;
    throw new Failure('folder-not-found', `${dir}: no such bucket in ${label}`, { path: dir });
  }

  return {
    label,
    features,

    async *list(dir, call) {
      const entries = dir === '' ? [...buckets.keys()].map(folderEntry) : children(dir, bucketOf(dir), call);
      yield* pages(entries, call);
    },

    async *walk(dir, call) {
      const entries: Entry[] = dir === '' ? [...buckets.keys()].map(folderEntry) : [];
      const sources = dir === '' ? buckets : [[splitFirst(dir)[0], bucketOf(dir)] as const];
      for (const [name, bucket] of sources) {
        for (const [key, file] of bucket) {
          const path = joinPath(name, key);
          if (isInside(dir, path) && path !== dir) entries.push(fileEntry(path, file, call));
        }
      }
      yield* pages(entries, call);
    },

    async stat(path, call) {
      return fileEntry(path, find(path).file, call);
    },

    async *read(path, range: Range = { start: 0 }, call) {
      const { data } = find(path).file;
      const end = range.start + rangeLength(range, data.length);
      for (let start = range.start; start < end; start += pieceSize) {
        throwIfCancelled(call?.signal, path);
        yield data.subarray(start, Math.min(end, start + pieceSize));
      }
    },

    async write(path, source, info, call) {
      requireKey(path, splitFirst(path)[1]);
      return place(path, { ...fileMeta(info), data: await readWhole(path, source, call) }, call);
    },

    async remove(path) {
      const { bucket, key } = find(path);
      bucket.delete(key);
    },

    async makeDir(path) {
      const [name] = splitFirst(path);
      if (name !== '' && !buckets.has(name)) buckets.set(name, new Map());
    },

    async removeDir(path) {
      const bucket = bucketOf(path);
      const [name, key] = splitFirst(path);
      if (key === '' ? bucket.size > 0 : hasBelow(bucket, key)) {
        throw new Failure('not-empty', `${path}: the folder is not empty`, { path });
      }
      if (key === '') buckets.delete(name);
    },

    async purge(dir) {
      const bucket = bucketOf(dir);
      const [name, key] = splitFirst(dir);
      for (const other of [...bucket.keys()]) if (isInside(key, other) && other !== key) bucket.delete(other);
      if (key === '') buckets.delete(name);
    },

    async hash(path, type) {
      return createHash(type).update(find(path).file.data).digest('hex');
    },

    async setModified(path, modified) {
      const { bucket, key, file } = find(path);
      bucket.set(key, { ...file, modified });
    },

    attributeRoom: async () => attributeRoom,
    async setAttributes(path, attributes) {
      const { bucket, key, file } = find(path);
      bucket.set(key, { ...file, attributes: new Uint8Array(attributes) });
    },

    async copy(from, to, call) {
      return place(to, find(from).file, call);
    },

    async move(from, to, call) {
      const { bucket, key, file } = find(from);
      requireKey(to, splitFirst(to)[1]);
      bucket.delete(key);
      return place(to, file, call);
    },

    async [Symbol.asyncDispose]() {},
  };
}

async function readWhole(path: string, source: Source, call: Call | undefined): Promise<Uint8Array> {
  const data = await collect(
    (async function* () {
      for await (const piece of source.open()) {
        throwIfCancelled(call?.signal, path);
        yield piece;
      }
      throwIfCancelled(call?.signal, path);
    })(),
  );
  if (source.size === null || source.size === data.length) return data;
  throw new Failure('corrupt', `${path}: got ${data.length} bytes where ${source.size} were announced`, { path });
}

function fileMeta(info: WriteInfo): Omit<StoredFile, 'data'> {
  return {
    modified: info.modified ?? nowInNanoseconds(),
    ...(info.mimeType !== undefined && { mimeType: info.mimeType }),
    ...(info.attributes && { attributes: new Uint8Array(info.attributes) }),
  };
}

function requireKey(path: string, key: string): void {
  if (key === '') throw new Failure('usage', `${path}: needs a bucket and a file name`, { path });
}
