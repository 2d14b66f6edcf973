import { beforeAll, describe, expect, it } from 'vitest';
import { createBench, writeTree } from './run.ts';

const bench = createBench('listings');

beforeAll(async () => {
  writeTree(bench.path('plain'), {
    'a.txt': 'hello',
    'B.HTML': '<p>',
    'dir/c.bin': 'x'.repeat(1344),
    'dir/deep/d, "quoted".csv': 'a;b',
    'dir/deep/deeper/é 日本.md': '#',
    'empty/': '',
    'with space/e.tar.gz': '',
    noextension: '0123456789',
  });
  writeTree(bench.folder, { wanted: 'a.txt\ndir/c.bin\ndir/deep/gone\nnowhere/x\n' });
  await bench.rclone(['copy', 'plain', 'secret:', '--create-empty-src-dirs']);
});

describe.each(['plain', 'secret:'])('of %s', (place) => {
  it.each([
    'ls',
    'ls --max-depth 2',
    'ls --filter - *.html --filter + *.HTML --filter - *',
    'ls --min-size 5b --max-size 10b',
    'ls --human-readable',
    'ls --min-size +1KI --max-size OFF',
    'lsf -RF=ps --log-file=',
    'lsl --exclude dir/**',
    'lsd --max-depth 2',
    'lsf',
    'lsf -R --files-only --format tsp',
    'lsf -R --dirs-only --dir-slash=false',
    'lsf -R -d=false -F=ps',
    'lsf --max-depth 2 --fast-list --absolute --format pms',
    'lsf -R --format ps --csv',
    'lsf -R --exclude-if-present c.bin',
    'lsf --exclude-if-present a.txt',
    'lsf -R --format psioT --separator __',
    'lsjson --files-only -R',
    'lsjson -R --no-modtime --no-mimetype',
    'lsjson --include *.none',
    'lsf --files-from wanted',
    'lsf -R --files-from wanted --format ps',
    'lsd --files-from wanted',
    'ls --files-from wanted',
    'ls --max-depth 1 --files-from wanted',
    'lsjson --no-modtime --files-from wanted',
    'size',
    'size --max-depth 1 --files-from wanted',
  ])('%s prints what rclone prints', async (line) => {
    await bench.same([...line.split(' '), place]);
  });
});

it.each([
  'lsd plain',
  'lsd -R plain',
  'lsl plain/a.txt',
  'lsl secret:dir/deep',
  'ls secret:a.txt',
  'lsf --format ps --csv --separator ; secret:dir/deep',
  'lsf -R --format h --files-only plain',
  'lsf -R --format hp --hash SHA-1 plain',
  'lsjson --files-only --dirs-only plain',
  'lsjson --files-only -R --hash-type md5 --hash-type sha1 plain',
  'lsjson plain/a.txt',
  'lsjson --stat plain/a.txt',
  'lsjson --stat --no-mimetype --no-modtime plain/dir',
  'lsjson --stat --dirs-only plain/a.txt',
  'lsjson --stat --files-only plain/dir',
  'lsjson --stat secret:dir/c.bin',
  'lsjson --encrypted -R --no-modtime secret:',
  'lsjson --encrypted --files-only secret:dir/deep',
  'lsf -R --format pe secret:',
  'lsf plain/empty',
  'lsjson plain/empty',
  'size --json plain',
])('%s prints what rclone prints', async (line) => {
  await bench.same(line.split(' '));
});

it('a listing of a folder that is not there ends with exit code 3', async () => {
  for (const command of ['ls', 'lsl', 'lsd', 'lsf', 'lsjson', 'size']) {
    const { code, stderr } = await bench.coffer([command, 'nowhere']);
    expect(code).toBe(3);
    expect(stderr).toContain('nowhere');
  }
});

it('lsf refuses a letter that it does not know', async () => {
  const { code, stderr } = await bench.coffer(['lsf', '--format', 'px', 'plain']);
  expect(code).toBe(1);
  expect(stderr).toContain('"x"');
});

it('a store without hashes shows none', async () => {
  const { stdout, code } = await bench.coffer(['lsf', '--format', 'hp', '--files-only', 'secret:']);
  expect(code).toBe(0);
  expect(stdout).toBe(';B.HTML\n;a.txt\n;noextension\n');
});

it('--encrypted needs a crypt remote', async () => {
  const { code, stderr } = await bench.coffer(['lsjson', '--encrypted', 'plain']);
  expect(code).toBe(1);
  expect(stderr).toContain('not a crypt remote');
});
