import { messageOf } from '../../core/failure.ts';
import type { Backing } from './backing.ts';
import type { CacheContext } from './context.ts';
import type { Beginning, ContentState } from './state.ts';

/** What the cache folder's record says of one content, and when it is on the disk. */
export interface Recording {
  /** Whether the record tells of every change. */
  readonly isCurrent: boolean;
  /** Writes a record of all that has changed. */
  recordChanges(isDurable: boolean): Promise<void>;
  /** As `recordChanges`, for who holds `ContentState.writing`, whether or not something has changed. */
  recordDirty(isDurable: boolean): Promise<void>;
  /** Brings what is dirty on the disk, as it was recorded. */
  settle(): Promise<void>;
  /** For who holds `writing`: it stands on the remote. What fails here makes it go up once more after a crash, and no more. */
  noteUpload(): Promise<void>;
  /** For who holds `writing`: makes a record for the next time that it is opened; whether it stays in the cache. */
  keep(): Promise<boolean>;
  stop(): void;
}

export function createRecording(
  context: CacheContext,
  state: ContentState,
  backing: Backing,
  from: Beginning,
): Recording {
  const { folder, options, report } = context;
  let recordedChanges = from.isRecorded ? state.changes : 0;
  let recordedEntry = from.isRecorded ? state.entry : null;
  let timer: NodeJS.Timeout | undefined;

  async function record(kind: 'dirty' | 'clean', isDurable: boolean): Promise<void> {
    if (state.isRemoved) return;
    const { path, modified, entry, changes } = state;
    await (await backing.open()).record({ state: kind, path, modified, entry }, isDurable);
    recordedChanges = changes;
    recordedEntry = entry;
    if (kind === 'dirty' && !isDurable) timer ??= setTimeout(settleLater, options.settleDelay).unref();
  }

  async function settle(): Promise<void> {
    if (state.isDirty && !backing.file?.isDurable) await backing.file?.settle();
  }

  async function settleLater(): Promise<void> {
    timer = undefined;
    try {
      await state.writing.exclusive(async () => {
        if (state.isDirty && !backing.file?.isDurable) await context.settling.exclusive(settle);
        if (state.openers === 0) await backing.file?.rest();
      });
    } catch (error) {
      report.error(state.path, `what was written may not outlive a power cut: ${messageOf(error)}`);
    }
  }

  const mayKeep = (): boolean => options.mode === 'full' && folder.mayKeep(state.id);
  const isCurrent = (): boolean => state.changes === recordedChanges;

  return {
    get isCurrent() {
      return isCurrent();
    },
    async recordChanges(isDurable) {
      const isRecorded = (): boolean => !state.isDirty || isCurrent();
      if (isRecorded()) return;
      await state.writing.exclusive(async () => (isRecorded() ? undefined : record('dirty', isDurable)));
    },
    recordDirty: (isDurable) => record('dirty', isDurable),
    settle,
    async noteUpload() {
      try {
        if (mayKeep() && !backing.file?.isEmpty) await record('clean', false);
        else await backing.file?.forgetRecord();
      } catch (error) {
        report.debug(state.path, `uploaded, but not noted in the cache: ${messageOf(error)}`);
      }
    },
    async keep() {
      const { file } = backing;
      if (!state.entry || state.isRemoved || !mayKeep()) return false;
      if (!file) return from.diskSize > 0;
      if (file.isEmpty && !file.hasNews) return false;
      try {
        if (file.hasNews || recordedEntry !== state.entry) await record('clean', false);
        else await folder.touchRecord(state.id);
        return !file.isEmpty;
      } catch (error) {
        report.debug(state.path, `not kept in the cache: ${messageOf(error)}`);
        return false;
      }
    },
    stop: () => clearTimeout(timer),
  };
}
