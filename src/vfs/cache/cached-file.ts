import type { FileEntry, Nanoseconds } from '../../core/entry.ts';
import { createBlockFile } from './block-file.ts';
import { type CachedBytes, createCachedBytes } from './cached-bytes.ts';
import { type MakeRoom, withRoom } from './failing.ts';
import type { CacheFolder, RecordState } from './folder.ts';
import type { Memory } from './memory.ts';
import type { FileRecord } from './record.ts';
import { createSlotMap } from './slot-map.ts';
import { slotSize } from './slots.ts';

/** What a record says beside what the bytes themselves tell. */
export interface RecordHead {
  readonly state: RecordState;
  readonly path: string;
  readonly modified: Nanoseconds;
  readonly entry: FileEntry | null;
}

/** A file of the cache folder that is in use. */
export interface CachedFile {
  readonly bytes: CachedBytes;
  /** Bytes on the disk. */
  readonly diskSize: number;
  /** Whether there is nothing of it on the disk. */
  readonly isEmpty: boolean;
  /** Writes what is in memory, then a record of all: whenever the process ends, this one or the one before stands, whole.
   *  A record that is on the disk is replaced only by one that is, too: what was synced stays so. */
  record(head: RecordHead, isDurable: boolean): Promise<void>;
  /** Brings the last record and what it names on the disk. */
  settle(): Promise<void>;
  /** Whether the last record is on the disk. */
  readonly isDurable: boolean;
  /** Whether something has come since the last record. */
  readonly hasNews: boolean;
  /** Removes the record: nothing that the remote lacks is here. */
  forgetRecord(): Promise<void>;
  /** Removes it from the cache folder; what is in use goes on until `close`. */
  unlink(): Promise<void>;
  /** Closes the file of the system until it is needed again. Nothing may be under way. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

export interface CachedFileOptions {
  readonly folder: CacheFolder;
  readonly memory: Memory;
  readonly id: string;
  readonly makeRoom: MakeRoom;
  /** Whether the cache folder has a record of it. */
  readonly isRecorded: boolean;
  savesFetched(): boolean;
  damaged(index: number): void;
}

/** `from` is the record that stands, or what a file without one begins as. */
export function createCachedFile(
  from: Pick<FileRecord, 'size' | 'remoteSize' | 'runs'>,
  { folder, memory, id, makeRoom, isRecorded, savesFetched, damaged }: CachedFileOptions,
): CachedFile {
  const slots = createSlotMap(from.runs);
  const blocks = createBlockFile(folder.blocksPath(id), folder.keys(id).block, slots, makeRoom);
  const { size, remoteSize } = from;
  const bytes = createCachedBytes(blocks, memory, { size, remoteSize, savesFetched, damaged });
  let state: RecordState = 'clean';
  let isDurable = false;
  let isUnlinked = false;
  // One that could not be written may stand nonetheless.
  let mayHaveRecord = isRecorded;
  let records = 0;

  async function forgetRecord(): Promise<void> {
    if (mayHaveRecord) await folder.forget(id);
    mayHaveRecord = false;
    isDurable = false;
  }

  return {
    bytes,
    get diskSize() {
      return slots.slotCount * slotSize;
    },
    get isEmpty() {
      return slots.isEmpty;
    },
    get isDurable() {
      return isDurable;
    },

    async record(head, mustBeDurable) {
      await bytes.save();
      if (isUnlinked) return;
      // On a full disk, the record may need the room.
      await blocks.trim();
      const { runs, stands } = slots.snapshot();
      const { size, remoteSize } = bytes;
      const waits = mustBeDurable || isDurable;
      if (waits) await blocks.sync();
      const { state: next, ...rest } = head;
      const record = { ...rest, size, remoteSize, runs };
      const how = { isDurable: waits, isFirst: !mayHaveRecord };
      mayHaveRecord = true;
      await withRoom(makeRoom, () => folder.writeRecord(id, next, record, how));
      stands();
      records++;
      state = next;
      // What the remote has may be lost.
      isDurable = waits && next === 'dirty';
    },

    async settle() {
      const settling = records;
      await blocks.sync();
      await folder.syncRecord(id, state);
      if (records === settling) isDurable = state === 'dirty';
    },

    get hasNews() {
      return slots.hasFresh || bytes.isUnsaved;
    },
    forgetRecord,
    async unlink() {
      isUnlinked = true;
      await forgetRecord();
      await blocks.unlink();
    },

    rest: async () => (isUnlinked ? undefined : blocks.close()),
    async close() {
      bytes.forget();
      await blocks.close();
    },
  };
}
