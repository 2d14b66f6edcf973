import { messageOf } from '../../core/failure.ts';
import type { Hold } from '../content.ts';
import type { CachedContent } from './context.ts';
import type { ContentParts } from './parts.ts';
import type { RecordNote } from './recording.ts';
import { close, uploadLater } from './release.ts';
import { isDirty } from './state.ts';

/** Keeps uploads, changes and reads of the remote from starting, once those under way have ended. */
export async function hold(content: CachedContent, parts: ContentParts): Promise<Hold> {
  const { context, state, backing, recording, upload } = parts;
  upload.cut();
  const resumeWriting = await state.writing.take();
  backing.stopReading();
  const resumeNaming = await state.naming.take();
  let tellsOfMove = false;

  function release(): void {
    resumeNaming();
    resumeWriting();
    uploadLater(content, parts);
  }

  async function recordAnew(about: RecordNote, otherwise: string): Promise<void> {
    try {
      if (isDirty(state)) await recording.recordDirty(false, about);
    } catch (error) {
      context.report.error(state.path, `after a crash it would be ${otherwise}: ${messageOf(error)}`);
    }
  }

  function resume(): void {
    if (tellsOfMove) void recordAnew({}, 'looked for at another path').finally(release);
    else release();
  }

  try {
    await upload.lookWhetherArrived();
  } catch (error) {
    release();
    throw error;
  }
  return {
    resume,
    async moving(move) {
      tellsOfMove = await recording.recordMove(move);
    },
    async moved(path, entry) {
      backing.stopReading();
      const oldPath = state.path;
      state.path = path;
      state.entry = entry;
      const replaced = state.isEnded ? null : context.moved(content, oldPath);
      await recordAnew(replaced ? { replaces: replaced.id } : {}, `uploaded as ${oldPath}`);
      release();
    },
    async removed() {
      state.isRemoved = true;
      context.writeBack.remove(content);
      try {
        if (!state.isEnded) await (await backing.open()).unlink();
        if (!state.isEnded && state.openers === 0) await close(content, parts, false);
      } finally {
        release();
      }
    },
  };
}
