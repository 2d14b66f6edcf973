import { beforeAll, expect, it } from 'vitest';
import { programPath } from '../program.ts';
import { run } from '../servers/run.ts';
import { createBench, sortedLines, writeTree } from './run.ts';

const bench = createBench('cat');

beforeAll(async () => {
  const long = Array.from({ length: 30_000 }, (_, line) => `${line}\n`).join('');
  writeTree(bench.path('plain'), { 'one.txt': 'first line\n', 'dir/two.txt': 'second line\n', 'dir/empty': '', long });
  await bench.rclone(['copy', 'plain', 'secret:']);
});

it.each([
  '',
  '--head 5',
  '--tail 4',
  '--tail 1000000',
  '--offset 6',
  '--offset 6 --count 2',
  '--offset -5 --count 3',
  '--count 0',
  '--discard',
])('cat %s prints what rclone prints', async (line) => {
  const flags = line.split(' ').filter((word) => word !== '');
  for (const place of ['plain/one.txt', 'secret:dir/two.txt']) await bench.same(['cat', place, ...flags]);
});

it.each([
  '0x1f',
  '0X1f',
  '0b11',
  '0o17',
  '017',
  '1_0',
  '0x_1f',
  '+4',
  '0',
  '00',
  '-0',
  '08',
  '1__0',
  '_1',
  '0x',
  '4.0',
  '1e1',
  '',
])('a number spelt "%s" is what it is to rclone', async (number) => {
  await bench.same(['cat', 'plain/long', `--head=${number}`]);
  await bench.same(['cat', 'plain/long'], { env: { RCLONE_HEAD: number } });
});

it('cat whose reader has gone ends as rclone does', async () => {
  const piped = async (program: string) => {
    const line = `${program} cat plain/long | head -c 1; exit \${PIPESTATUS[0]}`;
    return run('bash', ['-c', line], { cwd: bench.folder });
  };
  const ours = await piped(`${process.execPath} ${programPath}`);
  expect(ours.code).toBe((await piped('rclone')).code);
  expect(ours.stderr).not.toContain('Failed');
});

it('cat prints nothing of what lies behind the end', async () => {
  // rclone fails here on a crypt remote.
  for (const place of ['plain/one.txt', 'secret:dir/two.txt', 'secret:dir/empty']) {
    expect(await bench.coffer(['cat', '--offset', '100', place])).toMatchObject({ code: 0, stdout: '' });
  }
});

it('cat prints ranges that cross chunks', async () => {
  for (const flags of [
    ['--offset', '65530', '--count', '20'],
    ['--tail', '70000'],
    ['--offset', '131072', '--count', '1'],
  ]) {
    await bench.same(['cat', 'secret:long', ...flags]);
  }
});

it('cat prints the files of a tree whole, one after the other', async () => {
  const { stdout, code } = await bench.coffer(['cat', '--exclude', 'long', 'secret:']);
  expect(code).toBe(0);
  expect(sortedLines(stdout)).toEqual(['', 'first line', 'second line']);
  await bench.same(['cat', '--include', '*.txt', 'plain']);
});

it.each(['--head 1 --tail 1', '--head 1 --offset 1', '--tail 1 --count 1'])('cat %s is refused', async (line) => {
  expect((await bench.same(['cat', ...line.split(' '), 'plain'])).code).toBe(1);
});

it('cat of what is not there ends with exit code 3 and names it', async () => {
  const { code, stderr } = await bench.coffer(['cat', 'secret:none']);
  expect(code).toBe(3);
  expect(stderr).toContain('none');
});
