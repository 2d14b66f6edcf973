import type { Nanoseconds } from '../../core/entry.ts';
import { despiteOwnChanges } from '../own-changes.ts';
import { setRemoteAttributes, setRemoteModified } from '../remote-metadata.ts';
import type { CacheContext, CachedContent } from './context.ts';
import { hold } from './hold.ts';
import { createParts } from './parts.ts';
import { end, letGo, releaseLast } from './release.ts';
import { type Beginning, isDirty } from './state.ts';

/** The bytes of one file in the cache and on the remote. */
export function createCachedContent(context: CacheContext, from: Beginning): CachedContent {
  const parts = createParts(context, from);
  const { state, backing, recording, upload } = parts;
  const firstChanges = state.changes;

  function touch(time: Nanoseconds): void {
    state.changes++;
    state.modified = time;
    context.writeBack.add(content);
  }

  const content: CachedContent = {
    get path() {
      return state.path;
    },
    get size() {
      return backing.size();
    },
    get modified() {
      return state.modified;
    },
    get attributes() {
      return state.attributes;
    },
    get isDirty() {
      return isDirty(state);
    },
    get isSettled() {
      return state.openers === 0 || recording.isCurrent();
    },
    get entry() {
      return state.entry;
    },
    get diskSize() {
      return backing.diskSize();
    },

    read: (offset, length, signal) =>
      despiteOwnChanges(
        state.writing,
        () => state.entry,
        async () => {
          const { bytes } = await backing.open();
          backing.readOn(offset, length);
          return bytes.read(offset, length, backing.fetching(signal));
        },
      ),
    readNow(offset, length) {
      const parts = backing.file?.bytes.readNow(offset, length) ?? null;
      if (parts) backing.readOn(offset, length);
      return parts;
    },
    write: (offset, data) =>
      upload.changing(async ({ bytes }) => {
        await bytes.write(offset === 'end' ? bytes.size : offset, data, backing.fetching());
        touch(context.now());
        await bytes.relieve();
      }),
    truncate: (length) =>
      upload.changing(async ({ bytes }) => {
        // A stamp file that is emptied again is a new one; else the same bytes need not go up again.
        if (length === bytes.size && length > 0) return;
        await bytes.truncate(length, backing.fetching());
        touch(context.now());
      }),
    setModified: (time) =>
      upload.changing(async () => {
        if (isDirty(state) || state.isRemoved) return touch(time);
        const entry = await setRemoteModified(context.remote, state.path, time);
        state.entry = { ...entry, attributes: state.attributes };
        state.modified = entry.modified ?? time;
        backing.stopReading();
      }),
    setAttributes: (attributes) =>
      upload.changing(async () => {
        if (isDirty(state) || state.isRemoved) {
          state.attributes = attributes;
          return touch(state.modified);
        }
        state.entry = await setRemoteAttributes(context.remote, state.path, attributes);
        state.attributes = attributes;
        backing.stopReading();
      }),

    // A shell closes a copy of the descriptor before anything is written: an empty file need not be noted for that.
    flush: async () => (state.changes === firstChanges ? undefined : recording.recordChanges(false)),
    async sync() {
      await recording.recordChanges(true);
      await recording.settle();
      if (context.options.syncsRemote) await upload.finish();
    },

    async upload() {
      await upload.run();
      if (state.openers === 0 && !isDirty(state)) await letGo(content, parts);
    },
    cut: upload.cut,

    hold: () => hold(content, parts),
    async fetch(signal) {
      if (state.openers === 0) return;
      const { bytes } = await backing.open();
      await bytes.complete((first, end) => backing.fetchHeld(first, end, signal));
    },

    retain: () => void state.openers++,
    async release() {
      state.openers--;
      if (state.openers === 0) await releaseLast(content, parts);
    },
    end: () => end(content, parts),
  };
  if (from.isDirty) context.writeBack.add(content);
  return content;
}
