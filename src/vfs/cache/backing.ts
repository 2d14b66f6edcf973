import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import type { FileEntry } from '../../core/entry.ts';
import { Failure } from '../../core/failure.ts';
import { type CachedFile, createCachedFile } from './cached-file.ts';
import type { CacheContext } from './context.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import { withRoom } from './failing.ts';
import type { RecordState } from './folder.ts';
import { type FileRecord, type RecordHead, recordOf } from './record.ts';
import { blockSize } from './slots.ts';
import { type Beginning, type ContentState, isDirty } from './state.ts';

/** Where the bytes of one content are: in its cache file, and on the remote. */
export interface Backing {
  /** Bytes of the content. */
  size(): number;
  /** Bytes on the disk. */
  diskSize(): number;
  /** While it is in use. */
  readonly file: CachedFile | null;
  /** Throws Failure('fatal') once the content has ended. */
  open(): Awaitable<CachedFile>;
  /** As `CachedFile.record`. A file that is not in use stays so. */
  record(kind: RecordState, head: RecordHead, isDurable: boolean): Awaitable<FileRecord | null>;
  /** Brings blocks of the remote's version into the cache. */
  fetching(signal?: AbortSignal): (first: number, end: number) => Promise<void>;
  /** What is neither in memory nor in the cache file, where the store has it at hand: as `Downloads.readNow`. */
  readAtHand(offset: number, length: number): Uint8Array | null;
  /** As `fetching`, for whoever holds `ContentState.naming` in some way. */
  fetchHeld(first: number, end: number): Promise<void>;
  /** Tells that these bytes are read now, and what follows them may be next. */
  readOn(offset: number, length: number): void;
  /** Ends what is read of the remote: its version or its path is another now. */
  stopReading(): void;
  /** Closes the cache file until it is needed again: `record`, which stands as dirty, tells all of it. Nothing may be under
   *  way. */
  rest(record: FileRecord): Awaitable<void>;
  /** Gives the cache file out of hand, to be closed. */
  take(): CachedFile | null;
}

export function createBacking(context: CacheContext, state: ContentState, from: Beginning): Backing {
  const { remote, folder, memory, makeRoom, options, report } = context;
  let { size, diskSize, load: loadRecord } = from;
  let recorded: RecordState | null = from.isRecorded ? (from.isDirty ? 'dirty' : 'clean') : null;
  let loading: Awaitable<CachedFile> | null = null;
  let downloads: Downloads | null = null;

  const savesFetched = () => options.mode === 'full';

  function load(): Awaitable<CachedFile> {
    const { id, path, isEnded } = state;
    if (isEnded) throw new Failure('fatal', `${path}: has been closed`, { path });
    return whenThere(loadRecord(), (record) => {
      const file = createCachedFile(record, { folder, memory, makeRoom, id, recorded, savesFetched, damaged });
      backing.file = file;
      return file;
    });
  }

  /** Null for a file that is in use, or has to be: what is to be on the disk are its blocks, too. */
  function recordAtRest(kind: RecordState, head: RecordHead, isDurable: boolean): Awaitable<FileRecord | null> {
    return whenThere(loadRecord(), (loaded) => {
      if (loading || (isDurable && loaded.runs.length > 0)) return null;
      const record = recordOf(head, loaded);
      const how = { isDurable, isFirst: !recorded };
      recorded = kind;
      loadRecord = () => record;
      return whenThere(
        withRoom(makeRoom, () => folder.writeRecord(state.id, kind, record, how)),
        () => record,
      );
    });
  }

  function stopReading(): void {
    downloads?.stop();
    downloads = null;
  }

  function take(): CachedFile | null {
    const { file } = backing;
    if (file) {
      size = file.blocks.size;
      diskSize = file.diskSize();
    }
    backing.file = null;
    loading = null;
    return file;
  }

  function damaged(index: number): void {
    const { path, entry } = state;
    const message = `the cache of ${path} in ${folder.path} is damaged at byte ${index * blockSize}`;
    if (isDirty(state) || !entry) throw new Failure('corrupt', message, { path });
    report.error(path, `${message}: fetched again`);
  }

  /** False where that was stopped: to be tried again. */
  async function fetch(first: number, end: number, signal?: AbortSignal): Promise<boolean> {
    const { entry } = state;
    if (!backing.file || !entry) return true;
    return downloadsTo(backing.file, entry).fetch(first, end, signal);
  }

  function downloadsTo({ blocks }: CachedFile, entry: FileEntry): Downloads {
    downloads ??= createDownloads(remote, entry, options.reading, blocks);
    return downloads;
  }

  const backing: { -readonly [K in keyof Backing]: Backing[K] } = {
    file: null,
    size: () => backing.file?.blocks.size ?? size,
    diskSize: () => backing.file?.diskSize() ?? diskSize,
    open() {
      loading ??= whenFailed(load, (error) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    record: (kind, head, isDurable) =>
      whenThere(
        loading ? null : recordAtRest(kind, head, isDurable),
        (record) => record ?? whenThere(backing.open(), (file) => file.record(kind, head, isDurable)),
      ),
    fetching: (signal) => async (first, end) => {
      // Whoever holds the file in between gets it before the next try.
      while (!(await state.naming.shared(() => fetch(first, end, signal))));
    },
    readAtHand(offset, length) {
      const { file } = backing;
      const { entry, naming } = state;
      if (!file || !entry || !naming.isFree) return null;
      const end = Math.min(offset + length, file.blocks.size);
      return file.bytes.isRemote(offset, end) ? downloadsTo(file, entry).readNow(offset, end) : null;
    },
    async fetchHeld(first, end) {
      while (!(await fetch(first, end)));
    },
    readOn: (offset, length) =>
      downloads?.readOn(Math.floor(offset / blockSize), Math.ceil((offset + length) / blockSize)),
    stopReading,
    rest(record) {
      stopReading();
      recorded = 'dirty';
      loadRecord = () => record;
      return take()?.close();
    },
    take,
  };
  return backing;
}
