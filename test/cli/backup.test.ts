import { describe, expect, it } from 'vitest';
import { createBench, messages } from './run.ts';
import { type Places, sideBySide } from './side-by-side.ts';

const bench = createBench('backup');
const newer = new Date('2024-03-01T00:00:00Z');

const places: Places = {
  src: [{ 'a.txt': 'new', same: 'same', 'dir/c.tar.gz': 'new c', only: 'only', 'dir/.hidden': 'new' }, newer],
  dst: [
    { 'a.txt': 'old', 'dir/c.tar.gz': 'old c', 'dir/.hidden': 'o', 'x.bin': 'x', 'gone/g': 'g', 'a.txt.old': 'older' },
  ],
  bak: [{ 'a.txt': 'of last week', 'left.txt': 'left' }],
};

describe('what a transfer would overwrite or delete is kept as rclone keeps it', () => {
  it.each([
    'sync src dst --backup-dir bak',
    'sync src dst --backup-dir bak/below/it',
    'sync src dst --backup-dir bak --suffix .old',
    'sync src dst --backup-dir bak --suffix -1 --suffix-keep-extension',
    'sync src dst --suffix .old',
    'sync src dst --suffix .old --exclude *.old',
    'sync src dst --backup-dir bak --exclude *.bin --delete-excluded',
    'sync src dst --backup-dir dst/kept --exclude /kept/**',
    'sync src dst --backup-dir bak -n',
    'sync src dst --backup-dir fresh --max-delete 0 --retries 1',
    'sync src dst --backup-dir bak --immutable --retries 1',
    'sync src secret:dst --backup-dir secret:bak',
    'sync src secret:dst --backup-dir secret:bak --suffix -1 --suffix-keep-extension',
    'sync src secret:dst --suffix .old',
    'copy src dst --backup-dir bak',
    'copy src secret:dst --backup-dir secret:bak',
    'copy src dst --suffix .old --suffix-keep-extension',
    'copy src dst --suffix .old --ignore-existing',
    'copy src/a.txt dst --backup-dir bak',
    'copy src/a.txt dst --backup-dir dst/below',
    'copy src/a.txt dst --backup-dir dst --suffix .old',
    'copyto src/a.txt dst/x.bin --suffix .old',
    'copyto src/a.txt dst/x.bin --backup-dir bak',
    'copyto src dst --backup-dir bak',
    'move src dst --backup-dir bak',
    'move src secret:dst --backup-dir secret:bak',
    'move src/a.txt dst --suffix .old',
    'moveto src/a.txt dst/x.bin --backup-dir bak',
    'moveto src dst --suffix .old',
  ])('%s', async (line) => {
    const { code } = await sideBySide(bench, line, places);
    if (!line.includes('--retries')) expect(code).toBe(0);
  });

  it('RCLONE_BACKUP_DIR is the flag', async () => {
    const { tree } = await sideBySide(bench, 'sync src dst', places, { RCLONE_BACKUP_DIR: 'bak' });
    expect(tree).toMatchObject({ 'bak/a.txt': 'old', 'bak/gone/g': 'g' });
  });
});

describe('a backup that stands in the way changes nothing', () => {
  it.each([
    ['sync src dst --backup-dir dst', "destination and parameter to --backup-dir mustn't overlap"],
    ['sync src dst --backup-dir dst/bak', "destination and parameter to --backup-dir mustn't overlap"],
    ['sync src dst/below --backup-dir dst', "destination and parameter to --backup-dir mustn't overlap"],
    ['sync src dst --backup-dir dst --suffix .old', "destination and parameter to --backup-dir mustn't overlap"],
    ['sync src dst --backup-dir src/bak', "source and parameter to --backup-dir mustn't overlap"],
    ['copy src dst --backup-dir src', "source and parameter to --backup-dir mustn't overlap"],
    ['copy src/a.txt dst --backup-dir dst', "destination and parameter to --backup-dir mustn't be the same"],
    ['copyto src/a.txt dst/x.bin --backup-dir src', "source and parameter to --backup-dir mustn't be the same"],
    ['sync src dst --backup-dir secret:bak', 'parameter to --backup-dir has to be on the same remote as destination'],
    ['sync src secret:dst --backup-dir bak', 'parameter to --backup-dir has to be on the same remote as destination'],
    ['sync src dst --backup-dir bak/left.txt', 'failed to make fs for --backup-dir "bak/left.txt": '],
    ['sync src dst --backup-dir nowhere:bak', 'failed to make fs for --backup-dir "nowhere:bak": '],
  ])('%s', async (line, message) => {
    const { code, stderr, tree } = await sideBySide(bench, line, places);
    expect(code).toBe(7);
    expect(stderr).toContain(message);
    expect(tree).toMatchObject({ 'dst/a.txt': 'old', 'dst/x.bin': 'x', 'bak/a.txt': 'of last week' });
  });
});

describe('what is said of it is what rclone says', () => {
  const moves = (log: string): string[] =>
    messages(log)
      .filter((line) => /: (Moved|Skipped (move|copy)) /.test(line))
      .sort();

  it.each([
    'sync src dst --backup-dir bak -v',
    'sync src dst --suffix .old -v',
    'sync src dst --backup-dir bak -n',
    'copy src dst --backup-dir bak --suffix -1 --suffix-keep-extension -v',
  ])('%s', async (line) => {
    const { stderr, theirs } = await sideBySide(bench, line, places);
    expect(moves(stderr)).toEqual(moves(theirs));
    expect(moves(stderr).length).toBeGreaterThan(2);
  });
});

describe('where nothing is kept', () => {
  it.each(['delete', 'purge'])('%s has no --backup-dir, and does nothing with RCLONE_BACKUP_DIR set', async (name) => {
    await bench.coffer(['copy', '--include', 'nothing', '.', 'files']);
    await bench.coffer(['touch', 'files/a']);
    const flagged = await bench.coffer([name, 'files', '--backup-dir', 'bak']);
    expect(flagged.stderr).toContain('unknown flag: --backup-dir');
    const asked = await bench.coffer([name, 'files'], { env: { RCLONE_BACKUP_DIR: 'bak' } });
    expect(asked.stderr).toContain(`RCLONE_BACKUP_DIR is set, but coffer ${name} has no --backup-dir: unset it`);
    expect([flagged.code, asked.code]).toEqual([1, 1]);
    expect((await bench.coffer(['ls', 'files'])).stdout).toContain(' a\n');
  });
});
