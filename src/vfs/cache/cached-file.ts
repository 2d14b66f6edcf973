import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { createBlockFile } from './block-file.ts';
import { Blocks } from './blocks.ts';
import { CachedBytes } from './cached-bytes.ts';
import { type MakeRoom, withRoom } from './failing.ts';
import type { CacheFolder, RecordState } from './folder.ts';
import type { Memory } from './memory.ts';
import { type FileRecord, type RecordedBytes, type RecordHead, recordOf } from './record.ts';
import { createSlotMap } from './slot-map.ts';
import { slotSize } from './slots.ts';

/** A file of the cache folder that is in use. */
export interface CachedFile {
  readonly blocks: Blocks;
  readonly bytes: CachedBytes;
  /** Bytes on the disk. */
  diskSize(): number;
  /** Whether there is nothing of it on the disk. */
  isEmpty(): boolean;
  /** Writes what is in memory, then a record of all: whenever the process ends, this one or the one before stands, whole.
   *  Returns it; null where the file has been unlinked. */
  record(state: RecordState, head: RecordHead, isDurable: boolean): Awaitable<FileRecord | null>;
  /** Brings the last record and what it names on the disk. */
  settle(): Promise<void>;
  /** Whether something has come since the last record. */
  hasNews(): boolean;
  /** Removes the record: nothing that the remote lacks is here. */
  forgetRecord(): Promise<void>;
  /** Removes it from the cache folder; what is in use goes on until `close`. */
  unlink(): Promise<void>;
  close(): Awaitable<void>;
}

export interface CachedFileOptions {
  readonly folder: CacheFolder;
  readonly memory: Memory;
  readonly id: string;
  readonly makeRoom: MakeRoom;
  /** The record that the cache folder has of it. */
  readonly recorded: RecordState | null;
  savesFetched(): boolean;
  damaged(index: number): void;
}

/** `from` is the record that stands, or what a file without one begins as. */
export function createCachedFile(
  from: RecordedBytes,
  { folder, memory, id, makeRoom, recorded, savesFetched, damaged }: CachedFileOptions,
): CachedFile {
  const slots = createSlotMap(from.runs);
  const stored = createBlockFile(folder, id, slots, makeRoom);
  const { size, remoteSize } = from;
  const blocks = new Blocks(stored, memory, { size, remoteSize, savesFetched, damaged });
  const { resident } = blocks;
  // One that could not be written may stand nonetheless.
  let lastRecord = recorded;
  let isUnlinked = false;

  async function forgetRecord(): Promise<void> {
    if (lastRecord) await folder.forget(id);
    lastRecord = null;
  }

  function writeRecord(state: RecordState, head: RecordHead, isDurable: boolean): Awaitable<FileRecord> {
    const { runs, stands } = slots.snapshot();
    const record = recordOf(head, { size: blocks.size, remoteSize: blocks.remoteSize, runs });
    return whenThere(isDurable ? stored.sync() : undefined, () => {
      const how = { isDurable, isFirst: !lastRecord };
      lastRecord = state;
      return whenThere(
        withRoom(makeRoom, () => folder.writeRecord(id, state, record, how)),
        () => {
          stands();
          return record;
        },
      );
    });
  }

  return {
    blocks,
    bytes: new CachedBytes(blocks),
    diskSize: () => slots.slotCount() * slotSize,
    isEmpty: slots.isEmpty,

    record: (state, head, isDurable) =>
      whenThere(resident.save(), () => {
        if (isUnlinked) return null;
        // On a full disk, the record may need the room.
        return whenThere(stored.trim(), () => writeRecord(state, head, isDurable));
      }),

    async settle() {
      await stored.sync();
      if (lastRecord) await folder.syncRecord(id, lastRecord);
    },

    hasNews: () => slots.hasFresh() || resident.isUnsaved(),
    forgetRecord,
    async unlink() {
      isUnlinked = true;
      await forgetRecord();
      await stored.unlink();
    },

    close() {
      resident.dropFrom(0);
      return stored.close();
    },
  };
}
