import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import type { Report } from '../../core/report.ts';
import type { Content, Hold, Opener } from '../content.ts';
import { createLock } from '../lock.ts';
import { despiteOwnChanges } from '../own-changes.ts';
import { setRemoteAttributes, setRemoteModified } from '../remote-metadata.ts';
import { Sender } from '../send-file.ts';
import type { Uploadable, Uploads } from '../uploads.ts';
import { type BytesOptions, DirectBytes } from './bytes.ts';

export interface ContentContext extends BytesOptions {
  readonly uploads: Uploads<DirectContent>;
  readonly report: Report;
  now(): Nanoseconds;
}

/** What is read comes from the remote by ranges; the first write brings the file into a spool, from where it is uploaded
 *  whole. `entry` is null for a new file. */
export function createDirectContent(context: ContentContext, path: string, entry: FileEntry | null): Content {
  const content = new DirectContent(context, path, entry);
  if (!entry) context.uploads.add(content);
  return content;
}

export class DirectContent implements Content, Uploadable {
  onIdle: (() => void) | null = null;
  path: string;
  modified: Nanoseconds;
  attributes: Uint8Array | null;
  private readonly context: ContentContext;
  private readonly bytes: DirectBytes;
  private readonly sender: Sender;
  // What changes the bytes, and uploads, one at a time; what reads by the path, and what changes that.
  private readonly writing = createLock();
  private readonly naming = createLock();
  private changes: number;
  private uploadedChanges = 0;
  private openers = 0;
  // Removed, or the store has ended: nothing of it is uploaded any more.
  private isGone = false;

  constructor(context: ContentContext, path: string, entry: FileEntry | null) {
    this.context = context;
    this.path = path;
    this.modified = entry?.modified ?? context.now();
    this.attributes = entry?.attributes ?? null;
    this.bytes = new DirectBytes(context, entry);
    this.sender = new Sender(context.remote, context.report, { tried: null, mayHaveArrived: false });
    // A new file counts as one change, so that it is dirty from the start.
    this.changes = entry ? 0 : 1;
  }

  get size(): number {
    return this.bytes.size;
  }
  get entry(): FileEntry | null {
    return this.bytes.entry;
  }
  get isDirty(): boolean {
    return !this.isGone && this.changes !== this.uploadedChanges;
  }

  /** The version on the remote, where what is set beside its bytes is set there, and not with the next upload. */
  private get cleanEntry(): FileEntry | null {
    return this.isDirty || this.isGone ? null : this.entry;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.readSoon(offset, length);
  }

  readSoon(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const { bytes, naming } = this;
    return despiteOwnChanges(
      this.writing,
      () => bytes.place,
      () => naming.shared(() => bytes.read(offset, length, signal)),
    );
  }

  readNow(offset: number, length: number): readonly Uint8Array[] | null {
    const piece = this.naming.isFree ? this.bytes.readNow(offset, length) : null;
    return piece && [piece];
  }

  write(offset: number | 'end', data: Uint8Array): Promise<void> {
    return this.writing.exclusive(async () => {
      await this.bytes.write(offset, data);
      this.touch();
    });
  }

  truncate(size: number): Promise<void> {
    return this.writing.exclusive(async () => {
      // A stamp file that is emptied again is a new one; else the same bytes need not go up again.
      if (size === this.size && size > 0) return;
      await this.bytes.truncate(size);
      this.touch();
    });
  }

  setModified(modified: Nanoseconds): Promise<void> {
    return this.writing.exclusive(async () => {
      const { cleanEntry, attributes } = this;
      if (cleanEntry) {
        const entry = await setRemoteModified(this.context.remote, cleanEntry, modified);
        this.bytes.entry = { ...entry, attributes };
      }
      this.modified = modified;
    });
  }

  setAttributes(attributes: Uint8Array): Promise<void> {
    return this.writing.exclusive(async () => {
      const { cleanEntry } = this;
      if (cleanEntry) this.bytes.entry = await setRemoteAttributes(this.context.remote, cleanEntry, attributes);
      this.attributes = attributes;
    });
  }

  async flush(): Promise<void> {
    // A shell closes a copy of the descriptor before anything is written: an empty file waits for its last close.
    if (this.size > 0) await this.sync();
  }

  async sync(): Promise<void> {
    try {
      await this.upload();
    } catch (error) {
      this.context.uploads.failed(this, error);
      throw error;
    }
  }

  async upload(): Promise<void> {
    while (this.isDirty) await this.writing.exclusive(() => this.uploadOnce());
    if (this.openers === 0) await this.letGo();
  }

  async hold(): Promise<Hold> {
    this.sender.cut();
    const resumeWriting = await this.writing.take();
    const resumeNaming = await this.naming.take();
    const resume = (): void => {
      resumeNaming();
      resumeWriting();
    };
    try {
      if (this.sender.mayHaveArrived) this.bytes.entry = await this.sender.look(this.path);
    } catch (error) {
      resume();
      throw error;
    }
    return {
      resume,
      // Nothing outlives the process.
      moving: async () => {},
      moved: async (path, entry) => {
        this.path = path;
        this.bytes.entry = entry;
        resume();
      },
      removed: async () => {
        this.isGone = true;
        try {
          if (this.openers === 0) await this.letGo();
          else this.context.uploads.remove(this);
        } finally {
          resume();
        }
      },
    };
  }

  async fetch(): Promise<void> {
    if (this.openers > 0) await this.bytes.whole();
  }

  retain(): void {
    this.openers++;
    this.context.uploads.add(this);
  }

  async release(as: Opener = 'writer'): Promise<void> {
    this.openers--;
    if (this.openers > 0 && as === 'reader') return;
    if (this.isDirty) void this.context.uploads.attempt(this);
    else if (this.openers === 0) await this.letGo();
  }

  /** At the end of the store: what is not uploaded is gone with the process. */
  async end(): Promise<void> {
    this.isGone = true;
    this.sender.cut();
    await this.writing.exclusive(() => this.letGo());
  }

  /** One try. A `hold` that comes in between ends it without a failure. */
  private async uploadOnce(): Promise<void> {
    if (!this.isDirty) return;
    const source = await this.bytes.whole();
    const sent = await this.sender.send(async () => ({ path: this.path, known: this.entry, source, head: this }));
    if (!sent) return;
    this.bytes.entry = sent;
    this.uploadedChanges = this.changes;
  }

  private touch(): void {
    this.changes++;
    this.modified = this.context.now();
  }

  private async letGo(): Promise<void> {
    this.context.uploads.remove(this);
    await this.bytes.close();
  }
}
