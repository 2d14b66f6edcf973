import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Bench, createBench, readTree, timesIn, writeTree } from './run.ts';

const bench = createBench('touch');
const tree = { 'a.txt': 'a', 'dir/b.txt': 'b', 'dir/deep/c.txt': 'c' };

async function bothTouch(args: readonly string[], place: string): Promise<void> {
  for (const program of ['coffer', 'rclone'] satisfies (keyof Bench)[]) {
    writeTree(bench.path(`${program}/${place}`), tree);
  }
  const [ours, theirs] = await Promise.all([
    bench.coffer(['touch', ...args], { cwd: bench.path(`coffer/${place}`) }),
    bench.rclone(['touch', ...args], { cwd: bench.path(`rclone/${place}`) }),
  ]);
  expect({ code: ours.code, stdout: ours.stdout }).toEqual({ code: theirs.code, stdout: theirs.stdout });
  expect(readTree(bench.path(`coffer/${place}`))).toEqual(readTree(bench.path(`rclone/${place}`)));
  const [mine, its] = [timesIn(bench.path(`coffer/${place}`)), timesIn(bench.path(`rclone/${place}`))];
  for (const [path, time] of Object.entries(its)) expect(Math.abs((mine[path] ?? 0) - time), path).toBeLessThan(60_000);
}

it.each([
  ['new', 'new.txt'],
  ['old', 'a.txt'],
  ['uncreated', '-C none.txt'],
  ['unrecursive', '-R none.txt'],
  ['day', '-t 171030 a.txt'],
  ['second', '--timestamp 2006-01-02T15:04:05 a.txt'],
  ['fraction', '-t 2006-01-02T15:04:05.123456789 new.txt'],
  ['local', '--localtime -t 2020-07-01T00:00:00 a.txt'],
  ['folder', '-t 171030 dir'],
  ['recursive', '-R -t 171030 dir'],
  ['filtered', '-R -t 171030 --include c* dir'],
  ['dry', '-n -t 171030 a.txt'],
  ['below', '-t 171030 not/there/yet.txt'],
])('touch %s: sets the times that rclone sets (%s)', async (name, line) => {
  await bothTouch(line.split(' '), name);
});

it.each(['20060102', '2006-02-30T00:00:00', '2006-01-02 15:04:05', 'yesterday', '171330'])(
  'touch refuses the timestamp %s',
  async (timestamp) => {
    writeTree(bench.path('bad'), tree);
    const { code, stderr } = await bench.coffer(['touch', '-t', timestamp, 'bad/a.txt']);
    expect(code).toBe(1);
    expect(stderr).toContain('bad timestamp');
  },
);

it('touch makes an empty file on a crypt remote that rclone reads', async () => {
  await bench.coffer(['touch', '-t', '2006-01-02T15:04:05', 'secret:made/here']);
  expect(existsSync(bench.path('sealed'))).toBe(true);
  await bench.same(['lsl', 'secret:']);
});

it('touch -n changes nothing', async () => {
  writeTree(bench.path('still'), tree);
  const before = statSync(bench.path('still/a.txt')).mtimeMs;
  const { stderr } = await bench.coffer(['touch', '-n', 'still/a.txt', '-v']);
  expect(stderr).toContain('a.txt: Skipped touch as --dry-run is set (size 1)');
  expect(statSync(bench.path('still/a.txt')).mtimeMs).toBe(before);
});

it.each(['secret:', 'alias:', 'alias:here/..', 'here/'])(
  'touch %s makes no file in the place of a folder',
  async (spec) => {
    const conf = [
      '[secret]',
      'type = crypt',
      'remote = roots/sealed',
      'password = A_JhQdTOEIx0ajyWb1gCvD2z0gBrEVzy41s',
    ];
    mkdirSync(bench.path('roots'), { recursive: true });
    writeFileSync(
      bench.path('roots.conf'),
      [...conf, '[alias]', 'type = alias', 'remote = roots/folder', ''].join('\n'),
    );
    const { code, stderr } = await bench.coffer(['touch', '--config', bench.path('roots.conf'), spec]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('Not touching empty directory') });
    expect(readdirSync(bench.path('roots'))).toEqual([]);
    expect(existsSync(bench.path('here'))).toBe(false);
  },
);
