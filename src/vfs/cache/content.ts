import { pieceSize, type Range, rangeLength, type Source } from '../../core/bytes.ts';
import { throwIfCancelled } from '../../core/cancel.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { Failure, isAbsence, messageOf } from '../../core/failure.ts';
import type { Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { Content, Hold } from '../content.ts';
import { createLock, type Lock } from '../lock.ts';
import { setRemoteModified } from '../set-modified.ts';
import type { CachedBytes } from './cached-bytes.ts';
import { type CachedFile, createCachedFile } from './cached-file.ts';
import type { Catalogue } from './catalogue.ts';
import { createDownloads, type Downloads } from './downloads.ts';
import type { MakeRoom } from './failing.ts';
import type { CacheFolder, RecordState } from './folder.ts';
import type { Memory } from './memory.ts';
import type { CacheOptions } from './options.ts';
import type { FileRecord } from './record.ts';
import { blockSize } from './slots.ts';
import type { Uploadable, WriteBack } from './write-back.ts';

/** What the files of one cache share. */
export interface CacheContext {
  readonly remote: Remote;
  readonly folder: CacheFolder;
  readonly memory: Memory;
  readonly writeBack: WriteBack;
  readonly catalogue: Catalogue;
  readonly options: CacheOptions;
  readonly report: Report;
  /** One file after another is brought on the disk. */
  readonly settling: Lock;
  readonly makeRoom: MakeRoom;
  now(): Nanoseconds;
  /** The content goes by another path. */
  moved(content: CachedContent, oldPath: string): void;
  /** The content is not used any more. */
  ended(content: CachedContent): void;
}

export interface CachedContent extends Content, Uploadable {
  /** Bytes on the disk. */
  readonly diskSize: number;
  /** Brings all that is dirty on the disk, and closes. */
  end(): Promise<void>;
}

/** How a content begins. */
export interface Beginning {
  readonly id: string;
  readonly path: string;
  /** Of the remote's version; null for a new file. */
  readonly entry: FileEntry | null;
  readonly size: number;
  readonly modified: Nanoseconds;
  readonly isDirty: boolean;
  /** Whether the cache folder has a record of it. */
  readonly isRecorded: boolean;
  /** Bytes on the disk. */
  readonly diskSize: number;
  /** What the cache has of it. */
  load(): Promise<Pick<FileRecord, 'size' | 'remoteSize' | 'runs'>>;
}

export function createCachedContent(context: CacheContext, from: Beginning): CachedContent {
  const { remote, folder, writeBack, catalogue, options, report } = context;
  const { id } = from;
  let { path, entry, size, modified } = from;
  let loading: Promise<CachedFile> | null = null;
  let file: CachedFile | null = null;
  let downloads: Downloads | null = null;
  // A file that is not on the remote counts as one change, so that it is dirty from the start.
  const firstChanges = from.isDirty ? 1 : 0;
  let changes = firstChanges;
  let uploadedChanges = 0;
  let waitingChanges = 0;
  let recordedChanges = from.isRecorded ? firstChanges : 0;
  let recordedEntry = from.isRecorded ? entry : null;
  let openers = 0;
  let isRemoved = false;
  let isEnded = false;
  let upload: AbortController | null = null;
  let wasCut = false;
  let settling: NodeJS.Timeout | undefined;
  // What changes the bytes, and uploads, one at a time; what reads by the path, and what changes that.
  const writing = createLock();
  const naming = createLock();

  const isDirty = (): boolean => !isRemoved && changes !== uploadedChanges;

  function open(): Promise<CachedFile> {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  async function load(): Promise<CachedFile> {
    if (isEnded) throw new Failure('fatal', `${path}: has been closed`, { path });
    file = createCachedFile(await from.load(), {
      folder,
      memory: context.memory,
      makeRoom: context.makeRoom,
      id,
      savesFetched: () => options.mode === 'full',
      damaged: (index) => {
        const message = `the cache of ${path} in ${folder.path} is damaged at byte ${index * blockSize}`;
        if (isDirty() || !entry) throw new Failure('corrupt', message, { path });
        report.error(path, `${message}: fetched again`);
      },
    });
    return file;
  }

  /** To be called while `naming` is held in some way. */
  async function fetchNow(first: number, end: number, signal?: AbortSignal): Promise<void> {
    if (!file || !entry) return;
    downloads ??= createDownloads(remote, entry, options.reading, file.bytes);
    await downloads.fetch(first, end, signal);
  }

  function stopReading(): void {
    downloads?.stop();
    downloads = null;
  }

  const fetching = (signal?: AbortSignal) => (first: number, end: number) =>
    naming.shared(() => fetchNow(first, end, signal));

  function touch(time: Nanoseconds): void {
    changes++;
    modified = time;
    writeBack.add(content);
  }

  /** Nothing changes while it is uploaded: an upload that is under way ends first. */
  async function changing(work: (file: CachedFile) => Promise<void>): Promise<void> {
    upload?.abort();
    waitingChanges++;
    await writing.exclusive(async () => {
      waitingChanges--;
      await work(await open());
    });
  }

  /** To be called while `writing` is held. */
  async function record(state: RecordState, isDurable: boolean): Promise<void> {
    if (isRemoved) return;
    const recording = changes;
    await (await open()).record({ state, path, modified, entry }, isDurable);
    recordedChanges = recording;
    recordedEntry = entry;
    if (state === 'dirty' && !isDurable) settling ??= setTimeout(settle, options.settleDelay).unref();
  }

  async function settle(): Promise<void> {
    settling = undefined;
    try {
      await writing.exclusive(async () => {
        if (isDirty() && !file?.isDurable) await context.settling.exclusive(async () => file?.settle());
        if (openers === 0) await file?.rest();
      });
    } catch (error) {
      report.error(path, `what was written may not outlive a power cut: ${messageOf(error)}`);
    }
  }

  async function recordChanges(isDurable: boolean): Promise<void> {
    const isRecorded = (): boolean => !isDirty() || changes === recordedChanges;
    if (!isRecorded()) await writing.exclusive(async () => (isRecorded() ? undefined : record('dirty', isDurable)));
  }

  /** One try. A change that comes in between ends it without a failure. */
  async function uploadOnce(): Promise<void> {
    if (!isDirty() || waitingChanges > 0) return;
    const { bytes } = await open();
    const uploading = changes;
    const control = new AbortController();
    upload = control;
    try {
      await bytes.complete(fetching(control.signal));
      const info = remote.features.modifiedPrecision === null ? {} : { modified };
      const written = await remote.write(path, sourceOf(bytes, path, control.signal), info, { signal: control.signal });
      if (written.size >= 0 && written.size !== bytes.size) {
        const message = `${path}: ${written.size} bytes arrived of ${bytes.size}`;
        throw new Failure('corrupt', message, { path, retryable: true });
      }
      entry = { ...written, modified: written.modified ?? modified };
      uploadedChanges = uploading;
    } catch (error) {
      wasCut = control.signal.aborted;
      if (!wasCut) throw error;
      return;
    } finally {
      upload = null;
    }
    stopReading();
    await noteUpload();
  }

  /** It stands on the remote: what fails here makes it go up once more after a crash, and no more. */
  async function noteUpload(): Promise<void> {
    try {
      if (options.mode === 'full') await record('clean', false);
      else await file?.forgetRecord();
    } catch (error) {
      report.debug(path, `uploaded, but not noted in the cache: ${messageOf(error)}`);
    }
  }

  /** Closes what nobody uses any more, and keeps it in the cache for the next time. */
  async function letGo(): Promise<void> {
    await writing.exclusive(async () => {
      if (isEnded || openers > 0 || isDirty()) return;
      stopReading();
      const isKept = await keep();
      // Opened meanwhile, it is not let go.
      if (openers === 0) await close(isKept);
    });
  }

  /** Whether it stays in the cache. */
  async function keep(): Promise<boolean> {
    if (!entry || isRemoved || options.mode !== 'full') return false;
    if (!file) return from.diskSize > 0;
    try {
      if (file.hasNews || recordedEntry !== entry) await record('clean', false);
      else await folder.touchRecord(id);
      return !file.isEmpty;
    } catch (error) {
      report.debug(path, `not kept in the cache: ${messageOf(error)}`);
      return false;
    }
  }

  async function close(isKept: boolean): Promise<void> {
    writeBack.remove(content);
    stopReading();
    clearTimeout(settling);
    const closing = file;
    size = closing?.bytes.size ?? size;
    file = null;
    loading = null;
    isEnded = true;
    const replaced =
      isKept && entry
        ? catalogue.put({ id, entry, size: closing?.diskSize ?? from.diskSize, usedAt: Date.now() })
        : null;
    context.ended(content);
    if (replaced) await catalogue.remove(replaced);
    if (closing && !isKept && !isDirty()) await closing.unlink();
    await closing?.close();
  }

  /** An upload that was cut may have arrived nonetheless. */
  async function lookAfterCut(): Promise<void> {
    if (!wasCut) return;
    try {
      entry = await remote.stat(path);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      entry = null;
    }
    wasCut = false;
  }

  function uploadLater(): void {
    if (isDirty() && openers === 0) writeBack.schedule(content, options.writeBack.delay);
  }

  async function hold(): Promise<Hold> {
    upload?.abort();
    const resumeWriting = await writing.take();
    stopReading();
    const resumeNaming = await naming.take();
    const resume = (): void => {
      resumeNaming();
      resumeWriting();
      uploadLater();
    };
    try {
      await lookAfterCut();
    } catch (error) {
      resume();
      throw error;
    }
    return {
      resume,
      async moved(newPath, newEntry) {
        stopReading();
        const oldPath = path;
        path = newPath;
        entry = newEntry;
        if (!isEnded) context.moved(content, oldPath);
        try {
          if (isDirty()) await record('dirty', false);
        } catch (error) {
          report.error(path, `after a crash it would be uploaded as ${oldPath}: ${messageOf(error)}`);
        }
        resume();
      },
      async removed() {
        isRemoved = true;
        writeBack.remove(content);
        try {
          if (!isEnded) await (await open()).unlink();
          if (!isEnded && openers === 0) await close(false);
        } finally {
          resume();
        }
      },
    };
  }

  const content: CachedContent = {
    get path() {
      return path;
    },
    get size() {
      return file?.bytes.size ?? size;
    },
    get modified() {
      return modified;
    },
    get isDirty() {
      return isDirty();
    },
    get isSettled() {
      return openers === 0 || changes === recordedChanges;
    },
    get entry() {
      return entry;
    },
    get diskSize() {
      return file?.diskSize ?? from.diskSize;
    },

    async read(offset, length, signal) {
      const { bytes } = await open();
      downloads?.readOn(Math.floor(offset / blockSize), Math.ceil((offset + length) / blockSize));
      return bytes.read(offset, length, fetching(signal));
    },
    write: (offset, data) =>
      changing(async ({ bytes }) => {
        await bytes.write(offset === 'end' ? bytes.size : offset, data, fetching());
        touch(context.now());
        await bytes.relieve();
      }),
    truncate: (length) =>
      changing(async ({ bytes }) => {
        // A stamp file that is emptied again is a new one; else the same bytes need not go up again.
        if (length === bytes.size && length > 0) return;
        await bytes.truncate(length, fetching());
        touch(context.now());
      }),
    setModified: (time) =>
      changing(async () => {
        if (isDirty() || isRemoved) return touch(time);
        entry = await setRemoteModified(remote, path, time);
        modified = entry.modified ?? time;
        stopReading();
      }),

    // A shell closes a copy of the descriptor before anything is written: an empty file need not be noted for that.
    flush: async () => (changes === firstChanges ? undefined : recordChanges(false)),
    async sync() {
      await recordChanges(true);
      if (isDirty() && !file?.isDurable) await file?.settle();
    },

    async upload() {
      await writing.exclusive(uploadOnce);
      if (openers === 0 && !isDirty()) await letGo();
    },
    cut: () => upload?.abort(),

    hold,
    async fetch(signal) {
      if (openers > 0) await (await open()).bytes.complete((first, end) => fetchNow(first, end, signal));
    },

    retain: () => void openers++,
    async release() {
      openers--;
      if (openers > 0) return;
      if (!isDirty()) return letGo();
      try {
        await recordChanges(false);
        // Many may wait to be uploaded.
        await writing.exclusive(async () => (openers === 0 ? file?.rest() : undefined));
      } catch (error) {
        report.error(path, `lost if coffer is killed before it is uploaded: ${messageOf(error)}`);
      }
      uploadLater();
    },

    async end() {
      upload?.abort();
      stopReading();
      await writing.exclusive(async () => {
        if (isEnded) return;
        try {
          if (isDirty() && changes !== recordedChanges) await record('dirty', true);
          else if (isDirty() && !file?.isDurable) await file?.settle();
        } catch (error) {
          report.error(path, `what was written last is lost: ${messageOf(error)}`);
        }
        await close(!isDirty() && (await keep()));
      });
    },
  };
  if (from.isDirty) writeBack.add(content);
  return content;
}

/** The bytes as they are when it is read: nothing may be changed meanwhile. */
function sourceOf(bytes: CachedBytes, path: string, signal: AbortSignal): Source {
  return {
    size: bytes.size,
    replayable: true,
    async *open(range: Range = { start: 0 }) {
      const end = range.start + rangeLength(range, bytes.size);
      for (let offset = range.start; offset < end; offset += pieceSize) {
        throwIfCancelled(signal, path);
        yield await bytes.read(offset, Math.min(pieceSize, end - offset), nothingMissing);
      }
    },
  };
}

async function nothingMissing(): Promise<never> {
  throw new Failure('fatal', 'the cache lacks what it had');
}
