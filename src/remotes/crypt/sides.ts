import { collect, sourceOf } from '../../core/bytes.ts';
import type { Entry, FileEntry } from '../../core/entry.ts';
import { isFailure } from '../../core/failure.ts';
import { isValidText } from '../../core/name-bytes.ts';
import { relativePath } from '../../core/path.ts';
import type { Call, Location } from '../../core/remote.ts';
import { type ContentCipher, openContent } from '../../formats/rclone-crypt/content.ts';
import { chunk, headerLength } from '../../formats/rclone-crypt/layout.ts';
import type { CryptSettings } from './settings.ts';

/** Which of two pairs of passwords. */
export type Side = 'current' | 'previous';

/** Tells under which passwords something of the base is sealed. Paths and entries are the base's. */
export interface Sides {
  /** False where content is in the clear. */
  readonly areInContent: boolean;
  /** By its name, and by its content where both open that. Null where neither does. Where both open it to one plain
   *  path, the name does not tell and the side is `current`. */
  ofEntry(entry: Entry, call?: Call): Promise<{ readonly side: Side; readonly path: string } | null>;
  /** By the first chunk. Null where that does not tell: in an empty file, a damaged one, one in the clear. */
  ofContent(sealed: string, call?: Call): Promise<Side | null>;
}

export function createSides(base: Location, current: CryptSettings, previous: CryptSettings): Sides {
  async function ofContent(sealed: string, call?: Call): Promise<Side | null> {
    if (!current.content || !previous.content) return null;
    const range = { start: 0, end: headerLength + chunk.sealed };
    const start = await collect(base.remote.read(sealed, range, call));
    if (start.length <= headerLength) return null;
    if (await opens(current.content, start)) return 'current';
    return (await opens(previous.content, start)) ? 'previous' : null;
  }

  // By chance a key opens one name in some 250 of those that another sealed.
  async function ofTwoNames(entry: Entry, plain: Readonly<Record<Side, string>>, call?: Call): Promise<Side> {
    const side = entry.kind === 'file' ? await contentOf(entry, call) : null;
    return side ?? (!isValidText(plain.current) && isValidText(plain.previous) ? 'previous' : 'current');
  }

  async function contentOf({ path }: FileEntry, call?: Call): Promise<Side | null> {
    try {
      return await ofContent(path, call);
    } catch (error) {
      // Gone since it was listed.
      if (isFailure(error, 'not-found')) return null;
      throw error;
    }
  }

  return {
    areInContent: current.content !== null,
    ofContent,
    async ofEntry(entry, call) {
      const sealed = relativePath(base.path, entry.path);
      const [now, before] = [current, previous].map(({ names }) =>
        entry.kind === 'file' ? names.openFile(sealed) : names.openFolder(sealed),
      ) as [string | null, string | null];
      if (now === null) return before === null ? null : { side: 'previous', path: before };
      if (before === null || before === now) return { side: 'current', path: now };
      const plain = { current: now, previous: before };
      const side = await ofTwoNames(entry, plain, call);
      return { side, path: plain[side] };
    },
  };
}

async function opens(cipher: ContentCipher, start: Uint8Array): Promise<boolean> {
  try {
    await collect(openContent(cipher, sourceOf(start).open(), { path: '' }));
    return true;
  } catch (error) {
    if (isFailure(error, 'corrupt')) return false;
    throw error;
  }
}
