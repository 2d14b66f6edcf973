import { messageOf } from '../../core/failure.ts';
import type { Hold } from '../content.ts';
import type { CachedContent } from './context.ts';
import type { ContentParts } from './parts.ts';
import { close, uploadLater } from './release.ts';
import { isDirty } from './state.ts';

/** Keeps uploads, changes and reads of the remote from starting, once those under way have ended. */
export async function hold(content: CachedContent, parts: ContentParts): Promise<Hold> {
  const { context, state, backing, recording, upload } = parts;
  upload.cut();
  const resumeWriting = await state.writing.take();
  backing.stopReading();
  const resumeNaming = await state.naming.take();
  const resume = (): void => {
    resumeNaming();
    resumeWriting();
    uploadLater(content, parts);
  };
  try {
    await upload.lookAfterCut();
  } catch (error) {
    resume();
    throw error;
  }
  return {
    resume,
    async moved(path, entry) {
      backing.stopReading();
      const oldPath = state.path;
      state.path = path;
      state.entry = entry;
      if (!state.isEnded) context.moved(content, oldPath);
      try {
        if (isDirty(state)) await recording.recordDirty(false);
      } catch (error) {
        context.report.error(path, `after a crash it would be uploaded as ${oldPath}: ${messageOf(error)}`);
      }
      resume();
    },
    async removed() {
      state.isRemoved = true;
      context.writeBack.remove(content);
      try {
        if (!state.isEnded) await (await backing.open()).unlink();
        if (!state.isEnded && state.openers === 0) await close(content, parts, false);
      } finally {
        resume();
      }
    },
  };
}
