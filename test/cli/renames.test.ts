import { describe, expect, it } from 'vitest';
import { createBench, messages, type Tree } from './run.ts';
import { type Places, sideBySide } from './side-by-side.ts';

const bench = createBench('renames');

/** `song` and `tune` were renamed, `moved.txt` to another folder, `both` was written anew, `twin` is now `second twin`. Each file
 *  that only the target has is of a size of its own, as rclone takes any of those that are alike. */
const after: Tree = {
  same: 'same',
  both: 'new',
  'new name': 'a long song',
  'd/e/tune.mp3': 'a tune',
  'other/moved.txt': 'moved!!',
  fresh: 'fresh',
  'second twin': 'twin',
  empty: '',
};
const before: Tree = {
  same: 'same',
  both: 'old',
  song: 'a long song',
  'd/tune': 'a tune',
  'folder/moved.txt': 'moved!!',
  gone: 'gone for good',
  twin: 'twin',
  'd/void': '',
};
const places: Places = { src: [after], dst: [before] };

describe('what was renamed at the source is renamed as rclone does it', () => {
  it.each([
    ['sync src dst --track-renames', 0],
    ['sync src dst --track-renames -n', 0],
    ['sync src dst --track-renames --track-renames-strategy hash,leaf', 0],
    ['sync src dst --track-renames --track-renames-strategy modtime,leaf', 0],
    ['sync src dst --track-renames --track-renames-strategy leaf', 0],
    ['sync src dst --track-renames --backup-dir bak', 0],
    ['sync src dst --track-renames --suffix .old', 0],
    ['sync src dst --track-renames --delete-during', 0],
    ['sync src dst --track-renames --check-first --order-by size', 0],
    ['sync src dst --track-renames --no-traverse', 0],
    ['sync src dst --track-renames --exclude /gone --delete-excluded', 0],
    ['sync src dst --track-renames --max-delete 0 --retries 1', 7],
    ['sync src dst --track-renames --delete-before', 7],
    ['sync src dst --track-renames --track-renames-strategy hash,name --retries 1', 1],
    ['sync src dst --track-renames-strategy hash,name --retries 1', 1],
    ['sync src secret:dst --track-renames', 0],
    ['sync src secret:dst --track-renames --track-renames-strategy modtime', 0],
    ['sync src secret:dst --track-renames --track-renames-strategy modtime,leaf --backup-dir secret:bak', 0],
    ['copy src dst --track-renames', 0],
    ['move src dst --track-renames', 0],
    ['copyto src/fresh dst/b --track-renames', 0],
    ['sync src/fresh dst --track-renames', 0],
  ])('%s', async (line, expected) => {
    const { code } = await sideBySide(bench, line, places);
    expect(code).toBe(expected);
  });
});

describe('what is said of it is what rclone says', () => {
  it.each([
    'sync src dst --track-renames -v',
    'sync src dst --track-renames -n -v',
    'sync src secret:dst --track-renames -v',
    'sync src secret:dst --track-renames --track-renames-strategy hash,modtime',
    'sync src secret:dst --track-renames --track-renames-strategy modtime,leaf -v',
    'copy src dst --track-renames -v',
    'moveto src dst --track-renames',
  ])('%s', async (line) => {
    const { stderr, theirs } = await sideBySide(bench, line, places);
    const told = (log: string): string[] =>
      messages(log)
        .filter((text) => /--track-renames|Renamed from|Moved|Skipped move/.test(text))
        .map((text) => text.replace(/: (?:Local file system at|Encrypted drive) [^:]*?(?:secret:dst)?'?: /, ': '))
        .sort();
    expect(told(stderr)).toEqual(told(theirs));
    expect(told(stderr).length).toBeGreaterThan(0);
  });
});
