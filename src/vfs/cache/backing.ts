import { Failure } from '../../core/failure.ts';
import { type CachedFile, createCachedFile } from './cached-file.ts';
import type { CacheContext } from './context.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import { blockSize } from './slots.ts';
import type { Beginning, ContentState } from './state.ts';

/** Where the bytes of one content are: in its cache file, and on the remote. */
export interface Backing {
  /** Bytes of the content. */
  readonly size: number;
  /** Bytes on the disk. */
  readonly diskSize: number;
  /** While it is in use. */
  readonly file: CachedFile | null;
  /** Throws Failure('fatal') once the content has ended. */
  open(): Promise<CachedFile>;
  /** Brings blocks of the remote's version into the cache. */
  fetching(signal?: AbortSignal): (first: number, end: number) => Promise<void>;
  /** As `fetching`, for who holds `ContentState.naming` in some way. */
  fetchHeld(first: number, end: number, signal?: AbortSignal): Promise<void>;
  /** Tells that these bytes are read now, and what follows them may be next. */
  readOn(offset: number, length: number): void;
  /** Ends what is read of the remote: its version or its path is another now. */
  stopReading(): void;
  /** Gives the cache file out of hand, to be closed. */
  take(): CachedFile | null;
}

export function createBacking(context: CacheContext, state: ContentState, from: Beginning): Backing {
  const { remote, folder, memory, makeRoom, options, report } = context;
  let { size } = from;
  let loading: Promise<CachedFile> | null = null;
  let file: CachedFile | null = null;
  let downloads: Downloads | null = null;

  async function load(): Promise<CachedFile> {
    const { id, path, isEnded } = state;
    if (isEnded) throw new Failure('fatal', `${path}: has been closed`, { path });
    const savesFetched = () => options.mode === 'full';
    const { isRecorded } = from;
    file = createCachedFile(await from.load(), { folder, memory, makeRoom, id, isRecorded, savesFetched, damaged });
    return file;
  }

  function damaged(index: number): void {
    const { path, entry, isDirty } = state;
    const message = `the cache of ${path} in ${folder.path} is damaged at byte ${index * blockSize}`;
    if (isDirty || !entry) throw new Failure('corrupt', message, { path });
    report.error(path, `${message}: fetched again`);
  }

  async function fetchHeld(first: number, end: number, signal?: AbortSignal): Promise<void> {
    const { entry } = state;
    if (!file || !entry) return;
    downloads ??= createDownloads(remote, entry, options.reading, file.bytes);
    await downloads.fetch(first, end, signal);
  }

  return {
    get size() {
      return file?.bytes.size ?? size;
    },
    get diskSize() {
      return file?.diskSize ?? from.diskSize;
    },
    get file() {
      return file;
    },
    open() {
      loading ??= load().catch((error: unknown) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    fetching: (signal) => (first, end) => state.naming.shared(() => fetchHeld(first, end, signal)),
    fetchHeld,
    readOn: (offset, length) =>
      downloads?.readOn(Math.floor(offset / blockSize), Math.ceil((offset + length) / blockSize)),
    stopReading() {
      downloads?.stop();
      downloads = null;
    },
    take() {
      const taken = file;
      size = taken?.bytes.size ?? size;
      file = null;
      loading = null;
      return taken;
    },
  };
}
