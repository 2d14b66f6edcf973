import { type Awaitable, whenFailed, whenThere } from '../../core/awaitable.ts';
import { messageOf } from '../../core/failure.ts';
import type { CachedContent } from './context.ts';
import type { ContentParts } from './parts.ts';
import { isDirty } from './state.ts';

/** A writer of it is gone, or the last who had it open: what is dirty is uploaded later, what nobody uses is closed. */
export function released(content: CachedContent, parts: ContentParts): Awaitable<void> {
  const { context, state, recording } = parts;
  if (!isDirty(state)) return state.openers === 0 ? letGo(content, parts) : undefined;
  const recorded = whenFailed(
    () => whenThere(recording.recordChanges(false), () => state.writing.exclusive(recording.rest)),
    (error) => context.report.error(state.path, `lost if coffer is killed before it is uploaded: ${messageOf(error)}`),
  );
  return whenThere(recorded, () => {
    if (isDirty(state)) context.writeBack.closed(content);
  });
}

/** Unless it is open: its last close does so. */
export function uploadLater(content: CachedContent, { context, state }: ContentParts): void {
  if (isDirty(state) && state.openers === 0) context.writeBack.schedule(content);
}

/** Closes what nobody uses any more, and keeps it in the cache for the next time. */
export async function letGo(content: CachedContent, parts: ContentParts): Promise<void> {
  const { state, backing, recording } = parts;
  await state.writing.exclusive(async () => {
    if (state.isEnded || state.openers > 0 || isDirty(state)) return;
    backing.stopReading();
    const isKept = await recording.keep();
    // Opened meanwhile, it is not let go.
    if (state.openers === 0) await close(content, parts, isKept);
  });
}

/** At the end of the store: what is dirty stays in the cache folder for the next run. What fails is told, as others are to
 *  be ended too. */
export async function end(content: CachedContent, parts: ContentParts): Promise<void> {
  const { context, state, backing, recording, upload } = parts;
  upload.cut();
  backing.stopReading();
  await state.writing.exclusive(async () => {
    if (state.isEnded) return;
    try {
      if (isDirty(state) && !recording.isCurrent()) await recording.recordDirty(true);
      else await recording.settle();
    } catch (error) {
      context.report.error(state.path, `what was written last is lost: ${messageOf(error)}`);
    }
    try {
      await close(content, parts, !isDirty(state) && (await recording.keep()));
    } catch (error) {
      context.report.error(state.path, `its cache file was not put in order: ${messageOf(error)}`);
    }
  });
}

/** For whoever holds `ContentState.writing`. */
export async function close(content: CachedContent, parts: ContentParts, isKept: boolean): Promise<void> {
  const { context, state, backing, recording } = parts;
  const { id, entry } = state;
  const diskSize = backing.diskSize();
  context.writeBack.remove(content);
  backing.stopReading();
  recording.stop();
  const file = backing.take();
  state.isEnded = true;
  const replaced = isKept && entry ? context.catalogue.put({ id, entry, size: diskSize, usedAt: Date.now() }) : null;
  context.ended(content);
  if (replaced) await context.catalogue.remove(replaced);
  if (file && !isKept && !isDirty(state)) await file.unlink();
  await file?.close();
}
