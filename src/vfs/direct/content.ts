import { noBytes } from '../../core/bytes.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import type { Remote } from '../../core/remote.ts';
import type { Report } from '../../core/report.ts';
import type { Content, Hold } from '../content.ts';
import { type Cutting, startCutting } from '../cutting.ts';
import { createLock } from '../lock.ts';
import { despiteOwnChanges } from '../own-changes.ts';
import { entryAt, setRemoteAttributes, setRemoteModified } from '../remote-metadata.ts';
import { createSender } from '../send-file.ts';
import type { Uploadable, Uploads } from '../uploads.ts';
import { createReader, type Reader, type ReaderOptions } from './reader.ts';
import type { Spool } from './spool.ts';
import { spoolFrom } from './spool-from.ts';

export interface ContentContext {
  readonly remote: Remote;
  readonly uploads: Uploads<Uploadable>;
  /** Where spools are made. */
  readonly folder: string;
  readonly reading: ReaderOptions;
  readonly report: Report;
  now(): Nanoseconds;
}

/** What is read comes from the remote by ranges; the first write brings the file into a spool, from where it is uploaded
 *  whole. `entry` is null for a new file. */
export function createDirectContent(context: ContentContext, at: string, from: FileEntry | null): Content {
  const { remote, uploads } = context;
  let path = at;
  let entry = from;
  let size = from?.size ?? 0;
  let modified = from?.modified ?? context.now();
  let attributes = from?.attributes ?? null;
  let spool: Spool | null = null;
  let reader: Reader | null = null;
  // A new file counts as one change, so that it is dirty from the start.
  let changes = from ? 0 : 1;
  let uploadedChanges = 0;
  let openers = 0;
  let isRemoved = false;
  let upload: Cutting | null = null;
  let wasCut = false;
  const sender = createSender(remote, context.report, null);
  // What changes the bytes, and uploads, one at a time; what reads by the path, and what changes that.
  const writing = createLock();
  const naming = createLock();

  const isDirty = (): boolean => !isRemoved && changes !== uploadedChanges;

  function touch(): void {
    changes++;
    modified = context.now();
  }

  function stopReading(): void {
    reader?.stop();
    reader = null;
  }

  /** Brings the first `length` bytes into a spool, where that has not been done. */
  async function bringIn(length: number): Promise<Spool> {
    if (spool) return spool;
    spool = await spoolFrom(remote, entry, length, context.folder);
    stopReading();
    return spool;
  }

  const read = (offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> =>
    despiteOwnChanges(
      writing,
      () => spool ?? entry,
      () => naming.shared(async () => (spool ? spool.read(offset, length) : readRemote(offset, length, signal))),
    );

  async function readRemote(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (!entry || offset >= size) return noBytes;
    return readerOf(entry).read(offset, length, signal);
  }

  function readerOf(version: FileEntry): Reader {
    reader ??= createReader(remote, version, context.reading);
    return reader;
  }

  function readNow(offset: number, length: number): readonly Uint8Array[] | null {
    if (spool || !entry || !naming.isFree) return null;
    const bytes = readerOf(entry).readNow(offset, length);
    return bytes && [bytes];
  }

  /** One try. A `hold` that comes in between ends it without a failure. */
  async function uploadOnce(): Promise<void> {
    if (!isDirty()) return;
    const whole = await bringIn(size);
    const cutting = startCutting();
    upload = cutting;
    try {
      entry = await sender.send(path, entry, whole.source(size), { modified, attributes }, cutting);
      uploadedChanges = changes;
    } catch (error) {
      wasCut = cutting.isCut;
      if (!wasCut) throw error;
    } finally {
      cutting.ended();
      upload = null;
    }
  }

  async function uploadAll(): Promise<void> {
    while (isDirty()) await writing.exclusive(uploadOnce);
    if (openers === 0) await letGo();
  }

  async function uploadNow(): Promise<void> {
    try {
      await uploadAll();
    } catch (error) {
      uploads.failed(content, error);
      throw error;
    }
  }

  async function letGo(): Promise<void> {
    uploads.remove(content);
    stopReading();
    const closing = spool;
    spool = null;
    await closing?.close();
  }

  /** An upload that was cut may have arrived nonetheless. */
  async function lookAfterCut(): Promise<void> {
    if (!wasCut) return;
    entry = await entryAt(remote, path);
    wasCut = false;
  }

  async function hold(): Promise<Hold> {
    upload?.cut();
    const resumeWriting = await writing.take();
    const resumeNaming = await naming.take();
    const resume = (): void => {
      resumeNaming();
      resumeWriting();
    };
    try {
      await lookAfterCut();
    } catch (error) {
      resume();
      throw error;
    }
    return {
      resume,
      // Nothing outlives the process.
      async moving() {},
      async moved(newPath, newEntry) {
        stopReading();
        path = newPath;
        entry = newEntry;
        resume();
      },
      async removed() {
        isRemoved = true;
        if (openers === 0) await letGo();
        else uploads.remove(content);
        resume();
      },
    };
  }

  const content: Content & { upload(): Promise<void> } = {
    onIdle: null,
    get path() {
      return path;
    },
    get size() {
      return size;
    },
    get modified() {
      return modified;
    },
    get attributes() {
      return attributes;
    },
    get isDirty() {
      return isDirty();
    },
    get entry() {
      return entry;
    },
    read,
    readNow,
    readSoon: read,
    write: (offset, data) =>
      writing.exclusive(async () => {
        const target = await bringIn(size);
        const start = offset === 'end' ? size : offset;
        await target.write(start, data);
        size = Math.max(size, start + data.length);
        touch();
      }),
    truncate: (length) =>
      writing.exclusive(async () => {
        // A stamp file that is emptied again is a new one; else the same bytes need not go up again.
        if (length === size && size > 0) return;
        const target = await bringIn(Math.min(length, size));
        await target.truncate(length);
        size = length;
        touch();
      }),
    setModified: (time) =>
      writing.exclusive(async () => {
        if (entry && !isDirty() && !isRemoved) {
          entry = { ...(await setRemoteModified(remote, entry, time)), attributes };
          stopReading();
        }
        modified = time;
      }),
    setAttributes: (given) =>
      writing.exclusive(async () => {
        if (entry && !isDirty() && !isRemoved) {
          entry = await setRemoteAttributes(remote, entry, given);
          stopReading();
        }
        attributes = given;
      }),
    // A shell closes a copy of the descriptor before anything is written: an empty file waits for its last close.
    flush: async () => (size === 0 ? undefined : uploadNow()),
    sync: uploadNow,
    upload: uploadAll,
    hold,
    async fetch() {
      if (openers > 0) await bringIn(size);
    },
    retain: () => {
      openers++;
      uploads.add(content);
    },
    async release() {
      openers--;
      if (openers > 0) return;
      if (isDirty()) void uploads.attempt(content);
      else await letGo();
    },
  };
  if (!from) uploads.add(content);
  return content;
}
