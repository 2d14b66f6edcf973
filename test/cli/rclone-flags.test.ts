import { symlinkSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { createBench, type Tree } from './run.ts';
import { type Places, runIn, sideBySide } from './side-by-side.ts';

const bench = createBench('rclone-flags');
const files: Tree = { one: 'one', 'a file whose name is longer than what the statistics show of a name': 'two' };
const places: Places = { src: [files], dst: [{}], same: [files] };

describe('--error-on-no-transfer ends with 9 where nothing was copied', () => {
  it.each([
    ['copy src dst', 0],
    ['copy src same', 9],
    ['sync same src', 9],
    ['copyto src/one dst/two', 0],
    ['move src dst/folder', 9],
    ['ls src', 9],
    ['delete same', 9],
    ['copy missing dst', 3],
  ])('%s', async (line, expected) => {
    const { code } = await sideBySide(bench, `${line} --error-on-no-transfer`, places);
    expect(code).toBe(expected);
  });
});

test('--skip-links says nothing of symlinks', async () => {
  for (const program of ['coffer', 'rclone'] as const) {
    await runIn(bench, program, 'ls src', places);
    symlinkSync('one', bench.path(`by-${program}/src/link`));
    const line = ['copy', 'src', 'dst'];
    const cwd = bench.path(`by-${program}`);
    expect((await bench[program](line, { cwd })).stderr).toContain("link: Can't follow symlink");
    expect((await bench[program]([...line, '--skip-links'], { cwd })).stderr).toBe('');
  }
});

/** What stands before the line that tells of a file, each digit as 0. */
function prefixOf(stderr: string): string {
  const line = stderr.split('\n').find((candidate) => candidate.endsWith('one: Copied (new)'));
  expect(line, stderr).toBeDefined();
  return (line ?? '').replace(/one: Copied \(new\)$/, '').replace(/\d+(?=\])|(?<!<)\d/g, '0');
}

describe('lines of the log begin as in rclone', () => {
  it.each([
    ['--log-format date,time', '0000/00/00 00:00:00 INFO  : '],
    ['--log-format time', '00:00:00 INFO  : '],
    ['--log-format date,microseconds,UTC', '0000/00/00 00:00:00.000000 INFO  : '],
    ['--log-format pid', '[0] INFO  : '],
    ['--log-format=', 'INFO  : '],
    ['--log-format nothing', 'INFO  : '],
    ['--log-systemd', '<6>INFO  : '],
    ['--log-systemd --log-format date', '<6>INFO  : '],
  ])('%s', async (flags, expected) => {
    const { stderr, theirs } = await sideBySide(bench, `copy src dst -v ${flags}`, places);
    expect(prefixOf(stderr)).toBe(expected);
    expect(prefixOf(theirs)).toBe(expected);
  });

  it('the last word of a failed run, too', async () => {
    const { stderr, theirs } = await sideBySide(bench, 'copy missing dst --retries 1 --log-systemd', places);
    expect(stderr).toMatch(/^Failed to copy/m);
    expect(theirs).toMatch(/^Failed to copy/m);
  });
});

/** The statistics, each number as 0: figures that depend on the moment stand in both programs' alike. */
function statisticsIn(stderr: string): string {
  const start = stderr.indexOf('Transferred:');
  return stderr
    .slice(start)
    .replace(/ETA \S+/, 'ETA')
    .replace(/\d+(\.\d+)?/g, '0')
    .replace(/ [KM]?i?(bit|B)\/s/g, ' $1/s')
    .replace(/ +/g, ' ')
    .trimEnd();
}

describe('statistics are written as by rclone', () => {
  it.each(['--stats-log-level NOTICE', '--stats-log-level ERROR -q', '-v --stats-unit bits'])('%s', async (flags) => {
    const { stderr, theirs } = await sideBySide(bench, `copy src dst ${flags}`, places);
    expect(statisticsIn(stderr)).toBe(statisticsIn(theirs));
  });

  it('--stats-log-level below the log’s shows none', async () => {
    const { stderr, theirs } = await sideBySide(bench, 'copy src dst -v --stats-log-level DEBUG', places);
    expect(stderr + theirs).not.toContain('Transferred:');
  });

  it('--stats-one-line-date', async () => {
    const { stderr, theirs } = await sideBySide(bench, 'copy src dst -v --stats-one-line-date', places);
    const line = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) INFO {2}: \1 - {11}6 B \/ 6 B, 100%, /m;
    expect(stderr).toMatch(line);
    expect(theirs).toMatch(line);
  });

  it.each([
    ['', ' * a file whose name is l…tistics show of a name:'],
    ['--stats-file-name-length 20', ' * a file who…of a name:'],
    ['--stats-file-name-length 0', ' * a file whose name is longer than what the statistics show of a name:'],
  ])('names of files in flight %s', async (flag, expected) => {
    const large = { src: [{ [Object.keys(files)[1] ?? '']: 'x'.repeat(300_000) }], dst: [{}] } as const;
    const line = `copy src dst --bwlimit 100k --stats 500ms --stats-log-level NOTICE ${flag}`.trim();
    const [ours, theirs] = await Promise.all([
      runIn(bench, 'coffer', line, large),
      runIn(bench, 'rclone', line, large),
    ]);
    expect(ours.stderr).toContain(expected);
    expect(theirs.stderr).toContain(expected);
  });
});

test('--refresh-times sets the time of a file of the same size, where there are no hashes, and sends nothing', async () => {
  const older: Places = { src: [files], dst: [files, new Date('2020-01-01T00:00:00Z')] };
  const { stderr, theirs } = await sideBySide(bench, 'copy src secret:dst -v --refresh-times', older);
  for (const said of [stderr, theirs]) {
    expect(said).toContain('one: Updated modification time in destination');
    expect(said).not.toContain('Copied');
  }
});

test.each([
  ['--max-backlog 1', 0],
  ['--max-backlog -1', 0],
  ['--max-backlog 0', 0],
  ['--max-backlog many', 1],
  ['--buffer-size 0 --use-mmap --multi-thread-streams 8 --multi-thread-cutoff 64M --disable-http2', 0],
  ['--fs-cache-expire-duration 0 --fs-cache-expire-interval 10s --max-stats-groups 1 --no-gzip-encoding', 0],
  ['--server-side-across-configs --streaming-upload-cutoff 1M --progress-terminal-title', 0],
  ['--expect-continue-timeout 2s --kv-lock-time 1m', 0],
  ['--streaming-upload-cutoff many', 1],
  ['--disable help', 1],
  ['--bind 127.0.0.1 --disable Copy,listr', 0],
  ['--bind 300.0.0.1', 1],
  ['--buffer-size much', 1],
  ['--stats-log-level LOUD', 1],
])('copy %s', async (flags, expected) => {
  expect((await sideBySide(bench, `copy src dst ${flags}`, places)).code).toBe(expected);
});
