import { rmSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createBench, readTree, writeTree } from './run.ts';

const bench = createBench('remove');

const tree = {
  'inner/': '',
  'some/inner/': '',
  'some/other/': '',
  'some/cleared/a.txt': 'a',
  'kept/b.log': 'b',
  'kept/below/': '',
};

/** Runs a line with each program on a tree of its own, `{}` in it, and compares what is left. */
async function bothRemove(line: string): Promise<void> {
  const results = [];
  for (const program of ['coffer', 'rclone'] as const) {
    rmSync(bench.path(program), { recursive: true, force: true });
    writeTree(bench.path(program), tree);
    const { code, stderr } = await bench[program](line.split(' ').map((word) => word.replace('{}', program)));
    results.push({ code, left: readTree(bench.path(program)), stderr });
  }
  const [{ stderr = '', ...ours } = {}, { stderr: _, ...theirs } = {}] = results;
  expect(ours, stderr).toEqual(theirs);
}

describe('what is empty', () => {
  it.each([
    'delete --rmdirs {}',
    'delete --rmdirs --exclude inner {}',
    'delete --rmdirs --include *.txt {}',
    'delete --rmdirs --include some/** {}',
    'delete --rmdirs --min-size 1 {}',
    'rmdirs {}',
    'rmdirs --leave-root {}/some',
    'rmdirs --exclude /some/** {}',
    'rmdirs --include *.txt {}/some',
    'rmdirs --include some/** {}',
  ])('goes with %s where it goes with rclone', async (line) => {
    await bothRemove(line);
  });

  it('and excluded stays, which is no error as it is in rclone', async () => {
    writeTree(bench.path('excluded'), tree);
    expect(await bench.coffer(['delete', '--rmdirs', '--exclude', 'inner/', 'excluded'])).toMatchObject({ code: 0 });
    expect(readTree(bench.path('excluded'))).toEqual({ 'inner/': '', 'some/inner/': '' });
  });
});

it.each([
  'delete {}/kept/b.log --min-size 1k',
  'delete {}/kept/b.log --include *.txt',
  'copyto {}/kept/b.log {}/new --min-age 1d',
  'moveto {}/kept/b.log {}/new --exclude *.log',
  'ls {}/kept/b.log --include *.txt',
  'move {}/kept/b.log {}/new --exclude *.log',
  'touch {}/kept/b.log --exclude *.log',
  'deletefile {}/kept/b.log --exclude *.log',
  'lsjson --stat {}/kept/b.log --exclude *.log',
])('a single file under a filter is refused, or the filter ignored, as in rclone: %s', async (line) => {
  await bothRemove(line);
});

it.each(['delete --files-from wanted {}', 'delete --files-from wanted --max-depth 1 {}'])(
  '%s deletes what it deletes with rclone',
  async (line) => {
    writeTree(bench.folder, { wanted: 'kept/b.log\nsome/cleared/a.txt\n' });
    await bothRemove(line);
  },
);

it('purge stops at --max-delete, though the disk could do it in one go', async () => {
  writeTree(bench.path('limited'), tree);
  const { code, stderr } = await bench.coffer(['purge', '--max-delete', '1', 'limited']);
  expect(code, stderr).toBe(7);
  expect(Object.keys(readTree(bench.path('limited'))).filter((path) => !path.endsWith('/'))).toHaveLength(1);
  expect(await bench.coffer(['purge', '--max-delete', '1', 'limited'])).toMatchObject({ code: 0 });
  expect((await bench.coffer(['lsf', 'limited'])).code).toBe(3);
});

it('exit codes tell a missing file and a missing folder from other errors', async () => {
  expect(await bench.coffer(['deletefile', 'nowhere/a'])).toMatchObject({ code: 4 });
  expect(await bench.coffer(['rmdir', 'nowhere'])).toMatchObject({ code: 3 });
});

it('what a killed run left goes by the command that the guide gives, and nothing else does', async () => {
  const kept = { 'a.partial': '', 'b.txt.89abcdef.partial': '', 'c.txt': '' };
  writeTree(bench.path('killed'), { ...kept, 'dir/d.txt.0123abcd.partial': '' });
  const now = Date.now() / 1000;
  utimesSync(bench.path('killed/b.txt.89abcdef.partial'), now, now);
  utimesSync(bench.path('killed/dir/d.txt.0123abcd.partial'), 1e9, 1e9);
  const line = ['delete', '--min-age', '1d', '--include', '*.{{[0-9a-f]{8}}}.partial', 'killed'];
  expect(await bench.coffer(line)).toMatchObject({ code: 0 });
  expect(readTree(bench.path('killed'))).toEqual({ ...kept, 'dir/': '' });
});
