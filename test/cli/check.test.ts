import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { programPath } from '../program.ts';
import { converse } from './conversation.ts';
import { createBench, messages, sortedLines, writeTree } from './run.ts';

const bench = createBench('check');

beforeAll(async () => {
  const shared = { 'same.txt': 'hello', 'dir/same.bin': 'x'.repeat(70_000) };
  writeTree(bench.path('left'), {
    ...shared,
    'dir/changed': 'abc',
    longer: 'ab',
    onlyleft: 'l',
    'only/left': '',
    both: '',
  });
  writeTree(bench.path('right'), { ...shared, 'dir/changed': 'abd', longer: 'abc', onlyright: 'r', 'both/inner': '' });
  await bench.rclone(['copy', 'left', 'secret:left']);
  await bench.rclone(['copy', 'right', 'secret:right']);
});

describe('check', () => {
  it.each([
    'left right',
    'left left',
    'left right --one-way',
    'left right --size-only',
    'left right --download',
    'left right --include *same* --include only*',
    'left right --dry-run',
    'left secret:left',
    'left secret:right',
    'left secret:left --download',
    'left/same.txt right',
    'left/longer right',
    'left nowhere',
    'nowhere right',
  ])('%s finds what rclone finds', async (line) => {
    await bench.same(['check', ...line.split(' '), '--combined', '-']);
  });

  it('tells its findings as rclone does', async () => {
    const [ours, theirs] = await Promise.all([
      bench.coffer(['check', 'left', 'right']),
      bench.rclone(['check', 'left', 'right']),
    ]);
    const neutral = (log: string) => messages(log.replaceAll('Local file system at ', '')).sort();
    expect(neutral(ours.stderr)).toEqual(neutral(theirs.stderr));
  });

  it.each(['match', 'differ', 'missing-on-src', 'missing-on-dst', 'error'])(
    '--%s writes the paths to a file',
    async (flag) => {
      const written = async (program: 'coffer' | 'rclone') => {
        await bench[program](['check', 'left', 'right', `--${flag}`, `${program}.out`]);
        return sortedLines(readFileSync(bench.path(`${program}.out`), 'utf8'));
      };
      expect(await written('coffer')).toEqual(await written('rclone'));
    },
  );

  it('a report that cannot be written is an error before the work begins', async () => {
    const { code, stderr } = await bench.coffer(['check', 'left', 'left', '--differ', 'no/such/folder']);
    expect(code).toBe(1);
    expect(stderr).toContain('cannot write no/such/folder');
  });
});

it.each(['--combined', '--missing-on-dst'])('%s shows a terminal the control characters of a name', async (flag) => {
  await bench.coffer(['rcat', 'secret:odd/ev\x1b[31mil'], { input: 'x' });
  const argv = [process.execPath, programPath, 'check', 'secret:odd', 'secret:none', flag];
  const env = { RCLONE_CONFIG: bench.path('rclone.conf') };
  const { screen } = await converse([...argv, '-'], [], { terminal: true, cwd: bench.folder, env });
  expect(screen).toMatch(/^(\+ )?ev\\x1b\[31mil$/m);
  expect(screen).not.toContain('\x1b');
  await bench.coffer([...argv.slice(2), 'report']);
  expect(readFileSync(bench.path('report'), 'utf8')).toContain('ev\x1b[31mil\n');
});

describe('cryptcheck', () => {
  it.each(['left secret:left', 'left secret:right', 'left secret:right --one-way', 'left/same.txt secret:left'])(
    '%s finds what rclone finds',
    async (line) => {
      await bench.same(['cryptcheck', ...line.split(' '), '--combined', '-']);
    },
  );

  it('finds a byte that the store has changed', async () => {
    await bench.coffer(['copy', 'left/same.txt', 'secret:hurt']);
    const [folder = ''] = (await bench.coffer(['cryptdecode', '--reverse', 'secret:', 'hurt'])).stdout
      .split('\t')
      .slice(1);
    const sealed = join(bench.path('sealed'), folder.trim());
    const file = join(sealed, readdirSync(sealed)[0] ?? '');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const { code, stdout } = await bench.coffer(['cryptcheck', 'left', 'secret:hurt', '--one-way', '--differ', '-']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'same.txt\n' });
  });

  it('wants a crypt remote', async () => {
    const { code, stderr } = await bench.coffer(['cryptcheck', 'left', 'right']);
    expect(code).toBe(1);
    expect(stderr).toContain('is not a crypt remote');
  });
});

describe('cryptdecode', () => {
  it.each(['secret: nonsense other/nonsense', '--reverse secret: a.txt dir/deep/é'])(
    '%s prints what rclone prints',
    async (line) => {
      await bench.same(['cryptdecode', ...line.split(' ')]);
    },
  );

  it('opens what --reverse sealed', async () => {
    const [, sealed = ''] = (await bench.coffer(['cryptdecode', '--reverse', 'secret:', 'dir/a'])).stdout.split('\t');
    await bench.same(['cryptdecode', 'secret:', sealed.trim()]);
  });
});
