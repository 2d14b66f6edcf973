import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import type { Hold, Opener } from '../content.ts';
import { despiteOwnChanges } from '../own-changes.ts';
import { setRemoteAttributes, setRemoteModified } from '../remote-metadata.ts';
import type { CachedFile } from './cached-file.ts';
import type { CacheContext, CachedContent } from './context.ts';
import { hold } from './hold.ts';
import { type ContentParts, createParts } from './parts.ts';
import { end, letGo, released } from './release.ts';
import { type Beginning, isDirty } from './state.ts';

/** The bytes of one file in the cache and on the remote. */
export function createCachedContent(context: CacheContext, from: Beginning): CachedContent {
  const content = new CachedFileContent(createParts(context, from));
  if (from.isDirty) context.writeBack.add(content);
  return content;
}

/** A class, as thousands may wait to be uploaded: its methods are there once, and getters of one class are quick. */
class CachedFileContent implements CachedContent {
  onIdle: (() => void) | null = null;
  private readonly parts: ContentParts;
  private readonly firstChanges: number;

  constructor(parts: ContentParts) {
    this.parts = parts;
    this.firstChanges = parts.state.changes;
  }

  get id(): string {
    return this.parts.state.id;
  }
  get path(): string {
    return this.parts.state.path;
  }
  get size(): number {
    return this.parts.backing.size();
  }
  get modified(): Nanoseconds {
    return this.parts.state.modified;
  }
  get attributes(): Uint8Array | null {
    return this.parts.state.attributes;
  }
  get isDirty(): boolean {
    return isDirty(this.parts.state);
  }
  get isSettled(): boolean {
    const { state, recording } = this.parts;
    return state.openers === 0 || recording.isCurrent();
  }
  get entry(): FileEntry | null {
    return this.parts.state.entry;
  }
  get diskSize(): number {
    return this.parts.backing.diskSize();
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    const { backing } = this.parts;
    return this.reading(({ bytes }) => {
      backing.readOn(offset, length);
      return bytes.read(offset, length, backing.fetching());
    });
  }

  readNow(offset: number, length: number): readonly Uint8Array[] | null {
    const { backing } = this.parts;
    const pieces = backing.file?.bytes.readNow(offset, length) ?? null;
    if (pieces) {
      backing.readOn(offset, length);
      return pieces;
    }
    const piece = backing.readAtHand(offset, length);
    return piece && [piece];
  }

  readSoon(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    const { backing } = this.parts;
    return this.reading(async ({ bytes }) => {
      backing.readOn(offset, length);
      await bytes.bring(offset, length, backing.fetching(signal));
      return bytes.readNow(offset, length) ? null : bytes.read(offset, length, backing.fetching(signal));
    });
  }

  write(offset: number | 'end', data: Uint8Array): Awaitable<void> {
    const { context, backing, upload } = this.parts;
    return upload.changing(() =>
      whenThere(backing.open(), ({ blocks, bytes }) =>
        whenThere(bytes.write(offset === 'end' ? blocks.size : offset, data, backing.fetching()), () => {
          this.touch(context.now());
          return blocks.resident.relieve();
        }),
      ),
    );
  }

  truncate(length: number): Awaitable<void> {
    const { context, backing, upload } = this.parts;
    return upload.changing(async () => {
      const { blocks, bytes } = await backing.open();
      // A stamp file that is emptied again is a new one; else the same bytes need not go up again.
      if (length === blocks.size && length > 0) return;
      await bytes.truncate(length, backing.fetching());
      this.touch(context.now());
    });
  }

  setModified(time: Nanoseconds): Awaitable<void> {
    const { context, state, backing, upload } = this.parts;
    return upload.changing(async () => {
      if (!state.entry || isDirty(state) || state.isRemoved) return this.touch(time);
      const entry = await setRemoteModified(context.remote, state.entry, time);
      state.entry = { ...entry, attributes: state.attributes };
      state.modified = entry.modified ?? time;
      backing.stopReading();
    });
  }

  setAttributes(attributes: Uint8Array): Awaitable<void> {
    const { context, state, backing, upload } = this.parts;
    return upload.changing(() => {
      if (!state.entry || isDirty(state) || state.isRemoved) {
        state.attributes = attributes;
        return this.touch(state.modified);
      }
      return setRemoteAttributes(context.remote, state.entry, attributes).then((entry) => {
        state.entry = entry;
        state.attributes = attributes;
        backing.stopReading();
      });
    });
  }

  flush(): Awaitable<void> {
    const { state, recording } = this.parts;
    // A shell closes a copy of the descriptor before anything is written: an empty file need not be noted for that.
    if (state.changes !== this.firstChanges) return recording.recordChanges(false);
  }

  async sync(): Promise<void> {
    const { context, recording, upload } = this.parts;
    await recording.recordChanges(true);
    await recording.settle();
    if (context.options.syncsRemote) await upload.finish();
  }

  async upload(): Promise<void> {
    const { state, upload } = this.parts;
    await upload.run();
    if (state.openers === 0 && !isDirty(state)) await letGo(this, this.parts);
  }

  cut(): void {
    this.parts.upload.cut();
  }

  hold(): Promise<Hold> {
    return hold(this, this.parts);
  }

  async fetch(): Promise<void> {
    const { state, backing } = this.parts;
    if (state.openers === 0) return;
    const { blocks } = await backing.open();
    await blocks.complete(backing.fetchHeld);
  }

  retain(): void {
    this.parts.state.openers++;
  }

  release(as: Opener = 'writer'): Awaitable<void> {
    const { state } = this.parts;
    state.openers--;
    if (state.openers === 0 || as === 'writer') return released(this, this.parts);
  }

  end(): Promise<void> {
    return end(this, this.parts);
  }

  private reading<T>(read: (file: CachedFile) => Promise<T>): Promise<T> {
    const { state, backing } = this.parts;
    return despiteOwnChanges(
      state.writing,
      () => state.entry,
      async () => read(await backing.open()),
    );
  }

  private touch(time: Nanoseconds): void {
    const { context, state } = this.parts;
    state.changes++;
    state.modified = time;
    context.writeBack.add(this);
  }
}
