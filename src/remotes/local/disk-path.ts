import { Failure } from '../../core/failure.ts';
import { bytesToName } from '../../core/name-bytes.ts';
import { joinPath } from '../../core/path.ts';
import { createEncoder } from '../../formats/rclone-encoder.ts';
import { type LocalSettings, options } from './options.ts';

/** Between the remote's paths and those on disk. Both carry bytes that are not UTF-8 as `core/name-bytes.ts` says. */
export interface DiskPaths {
  /** The absolute path on disk. Throws Failure('denied') for a path that could lead elsewhere. */
  toDisk(path: string): string;
  /** Whether all of them, as `readDir` gave them, are shown as they are, and are ASCII. */
  arePlain(rawNames: readonly string[]): boolean;
  /** How the entry of `dir` is shown whose name `readDir` gave. */
  shownName(dir: string, rawName: string): string;
}

const unsafeSegment = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;
const notAscii = /[\x80-\xff]/;

export function createDiskPaths({ encoding, normalizesUnicode }: LocalSettings): DiskPaths {
  const encoder = createEncoder(encoding);
  // The usual encoding leads back to every name that it shows as it is.
  const isUsual = encoding === options.encoding.default;
  // Shown path → name on disk, for names that the encoding does not lead back to: with a quote mark of rclone's in
  // them, with a character that it would have replaced, or not in NFC where that is shown. rclone lists such files and
  // cannot open them.
  const oddNames = new Map<string, string>();

  function oddToStore(path: string): string {
    let shown = '';
    return path
      .split('/')
      .map((segment) => {
        shown = joinPath(shown, segment);
        return oddNames.get(shown) ?? encoder.toStore(segment);
      })
      .join('/');
  }

  return {
    toDisk(path) {
      if (path === '') return '/';
      const stored = oddNames.size === 0 ? encoder.toStore(path) : oddToStore(path);
      if (unsafeSegment.test(path) || (stored !== path && unsafeSegment.test(stored))) {
        throw new Failure('denied', `"${path}" is not a safe path: it has an empty, "." or ".." part, or a NUL`, {
          path,
        });
      }
      return `/${stored}`;
    },

    arePlain(rawNames) {
      const all = rawNames.join('/');
      return isUsual && !notAscii.test(all) && encoder.fromStore(all) === all;
    },

    shownName(dir, rawName) {
      const name = notAscii.test(rawName) ? bytesToName(Buffer.from(rawName, 'latin1')) : rawName;
      const shown = encoder.fromStore(normalizesUnicode ? name.normalize('NFC') : name);
      if ((shown !== name || !isUsual) && encoder.toStore(shown) !== name) oddNames.set(joinPath(dir, shown), name);
      return shown;
    },
  };
}
