import { type Awaitable, whenThere } from '../../core/awaitable.ts';
import { messageOf } from '../../core/failure.ts';
import type { Move } from '../content.ts';
import type { Backing } from './backing.ts';
import type { CacheContext } from './context.ts';
import type { RecordState } from './folder.ts';
import type { FileRecord } from './record.ts';
import { type Beginning, type ContentState, isDirty } from './state.ts';

/** What a record says of a rename. */
export type RecordNote = Pick<FileRecord, 'move' | 'replaces'>;

/** What the cache folder's record says of one content, and when it is on the disk. */
export interface Recording {
  /** Whether the record tells of every change. */
  isCurrent(): boolean;
  /** Writes a record of all that has changed. */
  recordChanges(isDurable: boolean): Awaitable<void>;
  /** As `recordChanges`, for whoever holds `ContentState.writing`, whether or not something has changed. */
  recordDirty(isDurable: boolean, about?: RecordNote): Awaitable<void>;
  /** For whoever holds `writing`, before the remote is asked for a rename: makes the record tell of it, where there is one.
   *  False where there is none. */
  recordMove(move: Move): Promise<boolean>;
  /** Brings what is dirty on the disk, as it was recorded. */
  settle(): Promise<void>;
  /** For whoever holds `writing`: lets go of what the record tells, where nobody has it open and it waits to be uploaded, as many
   *  may. */
  rest(): Awaitable<void>;
  /** For whoever holds `writing`: it stands on the remote. What fails here makes it go up once more after a crash, and no more. */
  noteUpload(): Promise<void>;
  /** For whoever holds `writing`: makes a record for the next time that it is opened; whether it stays in the cache. */
  keep(): Promise<boolean>;
  stop(): void;
}

export function createRecording(
  context: CacheContext,
  state: ContentState,
  backing: Backing,
  from: Beginning,
): Recording {
  const { folder, options, report, settlingLater } = context;
  let recordedChanges = from.isRecorded ? state.changes : 0;
  let recordedEntry = from.isRecorded ? state.entry : null;
  let standing: FileRecord | null = null;
  let records = 0;
  // Of a record that tells what the remote lacks: anything else may be lost.
  let isDurable = false;

  function record(kind: RecordState, mustBeDurable: boolean, { move, replaces }: RecordNote = {}): Awaitable<void> {
    if (state.isRemoved) return undefined;
    const { path, modified, attributes, entry, changes } = state;
    // A record that is on the disk is replaced only by one that is, too: what was synced stays so.
    const waits = mustBeDurable || isDurable;
    const head = { path, modified, attributes, entry, move, replaces };
    return whenThere(backing.record(kind, head, waits), (record) => {
      standing = record;
      records++;
      recordedChanges = changes;
      recordedEntry = entry;
      isDurable = waits && kind === 'dirty';
      if (kind === 'dirty' && !waits) settleSoon();
    });
  }

  function settleSoon(): void {
    if (!settlingLater.has(settleLater)) settlingLater.add(settleLater);
  }

  async function settle(): Promise<void> {
    if (!isDirty(state) || isDurable) return;
    const settling = records;
    await (await backing.open()).settle();
    if (records === settling) isDurable = isDirty(state);
  }

  function rest(): Awaitable<void> {
    // Once it stands on the remote, `keep` and `noteUpload` need the cache file.
    const isWaiting = isDirty(state) && state.openers === 0;
    if (standing && isWaiting && isCurrent() && !backing.file?.hasNews()) return backing.rest(standing);
  }

  async function settleLater(): Promise<void> {
    try {
      await state.writing.exclusive(async () => {
        if (isDirty(state) && !isDurable) await context.settling.exclusive(settle);
        await rest();
      });
    } catch (error) {
      report.error(state.path, `what was written may not outlive a power cut: ${messageOf(error)}`);
    }
  }

  const isRecorded = (): boolean => !isDirty(state) || isCurrent();
  const mayKeep = (): boolean => options.mode === 'full' && folder.mayKeep(state.id);
  const isCurrent = (): boolean => state.changes === recordedChanges;

  return {
    isCurrent,
    recordChanges(isDurable) {
      if (isRecorded()) return undefined;
      return state.writing.exclusive(() => (isRecorded() ? undefined : record('dirty', isDurable)));
    },
    recordDirty: (isDurable, about) => record('dirty', isDurable, about),
    async recordMove(move) {
      const isThere = isDirty(state) && recordedChanges > 0;
      if (isThere) await record('dirty', false, { move });
      return isThere;
    },
    settle,
    rest,
    async noteUpload() {
      try {
        if (mayKeep() && !backing.file?.isEmpty()) return await record('clean', false);
        await backing.file?.forgetRecord();
        standing = null;
        isDurable = false;
      } catch (error) {
        report.debug(state.path, `uploaded, but not noted in the cache: ${messageOf(error)}`);
      }
    },
    async keep() {
      const { file } = backing;
      if (!state.entry || state.isRemoved || !mayKeep()) return false;
      if (!file) return from.diskSize > 0;
      if (file.isEmpty() && !file.hasNews()) return false;
      try {
        if (file.hasNews() || recordedEntry !== state.entry) await record('clean', false);
        else await folder.touchRecord(state.id);
        return !file.isEmpty();
      } catch (error) {
        report.debug(state.path, `not kept in the cache: ${messageOf(error)}`);
        return false;
      }
    },
    stop: () => settlingLater.delete(settleLater),
  };
}
