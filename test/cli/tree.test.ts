import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareVersions } from '../../src/cli/format/tree-order.ts';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { createBench, writeTree } from './run.ts';

const bench = createBench('tree');

beforeAll(async () => {
  writeTree(bench.path('plain'), {
    '.hidden/inner': 'h',
    '.profile': 'p',
    'B.HTML': '<p>',
    a1: '1',
    a10: '10',
    a9: '9',
    'dir/deep/deeper/é 日本.md': '#',
    'dir/deep/song.MP3': 'la',
    'dir/packed.tar.gz': 'x'.repeat(1344),
    'empty/': '',
    'ev\x1b[31mil\nname': 'e',
    'large.bin': 'x'.repeat(123_456),
    'with space/quo"te': '',
  });
  writeTree(bench.path('plain'), { 'dir/old': 'o', older: 'oo' }, new Date('2019-01-02T03:04:05Z'));
  writeTree(bench.path('plain'), { oldest: 'ooo' }, new Date('2018-12-31T23:04:05Z'));
  await bench.rclone(['copy', 'plain', 'secret:', '--create-empty-src-dirs']);
});

/** Both print the same bytes. */
async function expectSame(line: string): Promise<void> {
  const args = ['tree', ...line.split(' ')];
  const [ours, theirs] = await Promise.all([bench.coffer(args), bench.rclone(args)]);
  expect({ code: ours.code, stdout: ours.stdout }, ours.stderr).toEqual({ code: theirs.code, stdout: theirs.stdout });
}

describe('tree draws what rclone draws', () => {
  it.each(['plain', 'secret:'])('of %s', expectSame);

  it.each([
    ...[
      '-a',
      '-d',
      '-a -d',
      '-Q',
      '-C',
      '-s',
      '-D',
      '-p',
      '-psD',
      '-U',
      '-r',
      '--noreport',
      '--noindent',
      '--full-path',
    ],
    ...['--human-readable', '--level 1', '--level 2 -s', '--level 1 --human-readable', '--max-depth 2', '--level -1'],
    ...['--max-depth 1 --level 2', '--version', '--sort version -r', '--sort size', '--full-path --noindent -C'],
    ...['--include *.gz', '--exclude /dir/** -s', '--exclude-if-present old', '--fast-list'],
  ])('with %s', (flags) => expectSame(`${flags} secret:`));

  it.each(['plain/a1', 'secret:dir/deep', 'plain/empty', 'plain/nowhere', 'plain --sort mtime'])('of %s', expectSame);

  it('of files that are named one by one', async () => {
    writeTree(bench.folder, { wanted: 'dir/deep/song.MP3\na1\nnowhere\n' });
    await expectSame('secret: --files-from wanted');
  });

  it('into a file', async () => {
    const written = async (program: 'coffer' | 'rclone'): Promise<string> => {
      const { stdout } = await bench[program](['tree', '-C', 'plain', '--output', `${program}.out`]);
      expect(stdout).toBe('');
      return readFileSync(bench.path(`${program}.out`), 'utf8');
    };
    expect(await written('coffer')).toBe(await written('rclone'));
  });
});

it('folders come first with --dirsfirst, each group by name', async () => {
  const { stdout } = await bench.coffer(['tree', '--dirsfirst', '--noindent', '--noreport', '--level', '1', 'secret:']);
  const names = stdout.split('\n').filter((name) => !name.startsWith('ev') && name !== 'name');
  const folders = ['/', 'dir', 'empty', 'with space'];
  expect(names).toEqual([...folders, 'B.HTML', 'a1', 'a10', 'a9', 'large.bin', 'older', 'oldest', '']);
});

it('an unknown order is refused', async () => {
  const { code, stdout, stderr } = await bench.coffer(['tree', '--sort', 'colour', 'plain']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('--sort: "colour" is not one of name, version, size, mtime, ctime');
});

it('a terminal is shown the control characters of a name', async () => {
  await bench.coffer(['rcat', 'secret:dir/raw\x1b[31m\u009b'], { input: 'x' });
  const env = { RCLONE_CONFIG: bench.path('rclone.conf') };
  const screenOf = async (...words: string[]): Promise<string> => {
    const argv = [process.execPath, programPath, ...words];
    const { screen } = await converse(argv, [], { terminal: true, cwd: bench.folder, env });
    expect(screen).not.toMatch(/[\x1b\u009b]/);
    return screen;
  };
  expect(await screenOf('tree', 'secret:dir', '-Q')).toContain('└── "raw\\x1b[31m\\x9b"');
  expect(await screenOf('lsjson', 'secret:dir')).toContain('"Name":"raw\\u001b[31m\\u009b"');
});

it('versions are ordered by their numbers', () => {
  const names = ['10a', 'A', 'a', 'a1', 'a1.9', 'a1.10', 'a1b2', 'a01', 'a001', 'a9', 'a09', 'a10', 'a-1', 'a.1', 'ä'];
  expect(names.toReversed().sort(compareVersions)).toEqual(names);
});
