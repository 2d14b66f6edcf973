import type { Awaitable } from '../../core/awaitable.ts';
import { Failure, isFailure, messageOf } from '../../core/failure.ts';
import { Sender } from '../send-file.ts';
import type { Backing } from './backing.ts';
import type { CachedFile } from './cached-file.ts';
import type { CacheContext } from './context.ts';
import type { Recording } from './recording.ts';
import { type Beginning, type ContentState, isDirty } from './state.ts';
import { uploadSource } from './upload-source.ts';

/** Uploads one content, each time as it is at one moment. */
export interface Upload {
  /** One try, where something is dirty. A change that comes in between ends it without a failure. */
  run(): Promise<void>;
  /** Until all that was done before it was called stands on the remote. Changes that come in between wait for that. */
  finish(): Promise<void>;
  /** Ends the try that is under way, as `Cutting.cut` does. */
  cut(): void;
  /** Changes the file; an upload that is under way ends first. */
  changing(work: () => Awaitable<void>): Awaitable<void>;
  /** Asks the store what it has if a try failed or was cut, here or by a kill, that may have arrived nonetheless. */
  lookWhetherArrived(): Promise<void>;
}

export function createUpload(
  { remote, report }: CacheContext,
  state: ContentState,
  backing: Backing,
  recording: Recording,
  from: Beginning,
): Upload {
  let waitingChanges = 0;
  let finishing = 0;
  const { isDirty: wasDirty, mayHaveArrived } = from;
  // What a kill has kept from being noted, too.
  const sender = new Sender(remote, report, { tried: wasDirty && from.isRecorded ? from : null, mayHaveArrived });

  async function uploadOnce(): Promise<void> {
    if (!isDirty(state) || (waitingChanges > 0 && finishing === 0)) return;
    const file = await backing.open();
    const uploading = state.changes;
    const sent = await sender.send(async (signal) => {
      await completeFile(file, signal);
      const { path, entry } = state;
      return { path, known: entry, source: uploadSource(file, path, signal), head: state };
    });
    if (!sent) return;
    state.entry = sent;
    state.uploadedChanges = uploading;
    backing.stopReading();
    await recording.noteUpload();
  }

  /** Brings in what is missing, and has the record tell of it: from when the new version stands on the remote, nobody
   *  could bring in what a record needs of the old one. */
  async function completeFile({ blocks, hasNews }: CachedFile, signal: AbortSignal): Promise<void> {
    const needsRemote = blocks.remoteSize > 0;
    try {
      await blocks.complete(backing.fetching(signal));
    } catch (error) {
      throw isFailure(error, ...gone) ? incomplete(state.path, error) : error;
    }
    if (!needsRemote || !hasNews()) return;
    try {
      await recording.recordDirty(false);
    } catch (error) {
      report.error(state.path, `lost if coffer is killed before it is uploaded: ${messageOf(error)}`);
    }
  }

  return {
    run: () => state.writing.exclusive(uploadOnce),
    async finish() {
      const { changes } = state;
      finishing++;
      try {
        while (isDirty(state) && state.uploadedChanges < changes) await state.writing.exclusive(uploadOnce);
      } finally {
        finishing--;
      }
    },
    cut: () => sender.cut(),
    changing(work) {
      if (finishing === 0) sender.cut();
      waitingChanges++;
      return state.writing.exclusive(() => {
        waitingChanges--;
        return work();
      });
    },
    async lookWhetherArrived() {
      if (sender.mayHaveArrived) state.entry = await sender.look(state.path);
    },
  };
}

/** What asking for bytes of a version that is no more fails with: it was replaced, or removed. */
const gone = ['changed', 'not-found', 'folder-not-found'] as const;

function incomplete(path: string, cause: Failure): Failure {
  const what = cause.kind === 'changed' ? 'another version has taken its place on' : 'it was removed from';
  const message =
    `${path}: cannot be uploaded: ${what} the remote, and some of what it was changed from was never read. ` +
    'Write it again, or remove it';
  return new Failure('changed', message, { path, cause });
}
