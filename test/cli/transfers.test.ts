import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBench, messages, readTree, type Tree, timesIn, writeTree } from './run.ts';
import { runIn, sideBySide } from './side-by-side.ts';

const bench = createBench('transfers');

const source = {
  'a.txt': 'one',
  'b.log': 'two two',
  'dir/c.txt': 'three',
  'dir/deep/d.bin': 'x'.repeat(2000),
  'dir/.hidden': 'h',
  'skip/marker': '',
  'skip/e.txt': 'e',
  'empty/': '',
};

const target = { 'a.txt': 'other', 'b.log': 'two two', 'old.txt': 'old', 'dir/older.bin': 'older', 'gone/f': 'f' };

const newer = new Date('2024-03-01T00:00:00Z');

beforeAll(() => {
  writeTree(bench.path('source'), source);
});

function below(folder: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, content]) => [`${folder}/${path}`, content]));
}

/** Runs a line with each program on a target of its own, `{}` in it, and compares what stands there then. */
async function bothTransfer(line: string, prepare: (folder: string) => void = () => {}): Promise<string> {
  const results = [];
  for (const program of ['coffer', 'rclone'] as const) {
    rmSync(bench.path(program), { recursive: true, force: true });
    prepare(bench.path(program));
    const args = line.split(' ').map((word) => word.replace('{}', program));
    const { code, stdout, stderr } = await bench[program](args);
    const tree = existsSync(bench.path(program)) ? readTree(bench.path(program)) : {};
    const times = existsSync(bench.path(program)) ? timesIn(bench.path(program)) : {};
    results.push({ code, stdout, tree, times, stderr });
  }
  const [{ stderr = '', ...ours } = {}, { stderr: _, ...theirs } = {}] = results;
  expect(ours, stderr).toEqual(theirs);
  return stderr;
}

describe('into nothing', () => {
  it.each([
    'copy source {}',
    'copy source {} --create-empty-src-dirs',
    'copy source/a.txt {}',
    'copy source/a.txt {}/below/it',
    'copyto source/a.txt {}/renamed',
    'copyto source {}',
    'sync source {} --create-empty-src-dirs',
    'copy source {} --include *.txt',
    'copy source {} --exclude dir/**',
    'copy source {} --filter - /dir/deep/ --filter + /dir/** --filter - *',
    'copy source {} --exclude-if-present marker',
    'copy source {} --exclude-if-present marker --create-empty-src-dirs',
    'copy source {} --fast-list',
    'copy source {} --min-size 4b --max-size 1k',
    'copy source {} --max-depth 1',
    'copy source {} --max-age 2024-02-29T12:00:00',
    'copy source {} --min-age 1d --ignore-case --include *.TXT',
    'copy source {} --dry-run',
    'copy nowhere {}',
  ])('%s leaves what rclone leaves', async (line) => {
    await bothTransfer(line);
  });
});

describe('onto what is there', () => {
  it.each([
    'copy source {}',
    'copy source {} --ignore-existing',
    'copy source {} --update',
    'copy source {} --size-only',
    'copy source {} --checksum',
    'copy source {} --ignore-times',
    'copy source {} --immutable --retries 1',
    'sync source {}',
    'sync source {} --dry-run',
    'sync source {} --exclude *.bin',
    'sync source {} --exclude *.bin --delete-excluded',
    'sync source {} --exclude-if-present older.bin',
    'sync source {} --exclude-if-present marker --delete-excluded',
    'sync source {} --create-empty-src-dirs',
  ])('%s leaves what rclone leaves', async (line) => {
    await bothTransfer(line, (folder) => writeTree(folder, target, newer));
  });
});

describe('through crypt', () => {
  it('what coffer seals rclone opens, and the other way round', async () => {
    await bench.coffer(['copy', 'source', 'secret:coffer', '--create-empty-src-dirs']);
    await bench.rclone(['copy', 'source', 'secret:rclone', '--create-empty-src-dirs']);
    await bench.rclone(['copy', 'secret:coffer', 'opened-by-rclone', '--create-empty-src-dirs']);
    await bench.coffer(['copy', 'secret:rclone', 'opened-by-coffer', '--create-empty-src-dirs']);
    for (const folder of ['opened-by-rclone', 'opened-by-coffer']) {
      expect(readTree(bench.path(folder))).toEqual(source);
      expect(timesIn(bench.path(folder))).toEqual(timesIn(bench.path('source')));
    }
  });

  it('a second copy transfers nothing', async () => {
    const { stderr, code } = await bench.coffer(['copy', '-v', 'source', 'secret:coffer']);
    expect(code).toBe(0);
    expect(stderr).not.toContain('Copied');
  });

  it('a wrong password is an error', async () => {
    const { code, stdout, stderr } = await bench.coffer(['ls', 'wrong:']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('password');
  });
});

describe('the log', () => {
  it('-v tells of each file as rclone does', async () => {
    const [ours, theirs] = await Promise.all([
      bench.coffer(['copy', '-v', 'source', 'told-by-coffer']),
      bench.rclone(['copy', '-v', 'source', 'told-by-rclone']),
    ]);
    const copied = (log: string) =>
      messages(log)
        .filter((line) => line.includes(': Copied'))
        .sort();
    expect(copied(ours.stderr)).toEqual(copied(theirs.stderr));
    expect(ours.stderr).toMatch(/Transferred: +\t +1\.9\d+ KiB \/ 1\.9\d+ KiB, 100%/);
    expect(ours.stderr).toMatch(/Transferred: +7 \/ 7, 100%/);
  });

  it('-v tells of what is moved and renamed as rclone does', async () => {
    const told = async (program: 'coffer' | 'rclone'): Promise<string[]> => {
      writeTree(bench.path(program), { ...below('from', source), 'to/old': '' });
      const moved = await bench[program](['move', '-v', `${program}/from`, `${program}/to`]);
      const renamed = await bench[program](['moveto', '-v', `${program}/to/a.txt`, `${program}/to/dir/z`]);
      return messages(moved.stderr + renamed.stderr).filter((line) => line.includes(': Moved'));
    };
    const [ours, theirs] = await Promise.all([told('coffer'), told('rclone')]);
    expect(ours.sort()).toEqual(theirs.sort());
    expect(ours).toContain('INFO  : a.txt: Moved (server-side) to: z');
  });

  it.each([
    'delete -v {}/old',
    'rmdirs -v {}/empty',
    'rmdir -v {}/single',
    'purge --dry-run {}/old',
    'check -v {} {}',
    'check --stats 0 -v {} {}',
    'check --stats 0 -v {}/dir {}/old',
    'ls -v {}',
    'ls -v --stats 5s {}',
    'copy --stats 0 -v {}/dir {}/new',
  ])('%s tells of folders and shows statistics as rclone does', async (line) => {
    const told = async (program: 'coffer' | 'rclone'): Promise<string[]> => {
      writeTree(bench.path(program), { 'dir/f': 'f', 'old/g': 'g', 'empty/below/': '', 'single/': '' });
      const { stderr } = await bench[program](line.replaceAll('{}', program).split(' '));
      const lines = messages(stderr).filter((text) => /^Transferred: +\t|Removing directory/.test(text));
      return lines.map((text) => text.replace(/Local file system at |, \d.*$/, '').replace(bench.path(program), '{}'));
    };
    const [ours, theirs] = await Promise.all([told('coffer'), told('rclone')]);
    expect(ours).toEqual(theirs);
  });

  it('--dry-run tells what would be done, as rclone does', async () => {
    writeTree(bench.path('dry'), target);
    const line = ['sync', '--dry-run', 'source', 'dry'];
    const [ours, theirs] = await Promise.all([bench.coffer(line), bench.rclone(line)]);
    const skipped = (log: string) =>
      messages(log)
        .filter((message) => message.includes('Skipped'))
        .sort();
    expect(skipped(ours.stderr)).toEqual(skipped(theirs.stderr));
    expect(readTree(bench.path('dry'))).toEqual(target);
  });

  it('--use-json-log writes an object a line with the fields that rclone has', async () => {
    const line = (to: string) => ['copy', '-v', '--stats', '0', '--use-json-log', 'source/a.txt', to];
    const [ours, theirs] = await Promise.all([bench.coffer(line('json-c')), bench.rclone(line('json-r'))]);
    const objects = (log: string) =>
      log
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as Record<string, unknown>);
    const copied = (log: string) => objects(log).find(({ object }) => object === 'a.txt');
    expect(copied(ours.stderr)).toMatchObject({ level: 'info', msg: copied(theirs.stderr)?.msg });
    for (const entry of objects(ours.stderr))
      expect(Object.keys(entry)).toEqual(expect.arrayContaining(['level', 'msg', 'time']));
  });

  it.each(['purge', 'mkdir', 'rmdir'])('%s --dry-run names the whole path', async (command) => {
    const { stderr } = await bench.coffer([command, '--dry-run', 'source']);
    expect(messages(stderr)[0]).toMatch(`NOTICE: ${bench.path('source')}: Skipped `);
  });

  it('--log-file takes the log, and adds to what is there', async () => {
    writeFileSync(bench.path('log'), 'before\n');
    const { stderr } = await bench.coffer(['copy', '-v', '--log-file', 'log', 'source/a.txt', 'logged']);
    expect(stderr).toBe('');
    const lines = messages(readFileSync(bench.path('log'), 'utf8'));
    expect(lines).toEqual(expect.arrayContaining(['before', 'INFO  : a.txt: Copied (new)']));
  });

  it('-q leaves only errors', async () => {
    const { stderr } = await bench.coffer(['sync', '-q', '--dry-run', 'source', 'quiet']);
    expect(stderr).toBe('');
  });
});

describe('what fails', () => {
  it('a file that cannot be written is named, the rest arrives, nothing is deleted', async () => {
    const folder = bench.path('blocked');
    // The folder "dir" stands where a file must go.
    writeTree(folder, { 'a.txt/inside': 'x', 'extra.txt': 'kept' });
    const { code, stderr } = await bench.coffer(['sync', '--retries', '1', 'source', 'blocked']);
    expect(code).not.toBe(0);
    expect(messages(stderr).join('\n')).toMatch(/ERROR : a\.txt: Failed to copy/);
    expect(readTree(folder)).toMatchObject({ 'b.log': 'two two', 'extra.txt': 'kept', 'a.txt/inside': 'x' });
  });

  it('--max-delete stops before the files go', async () => {
    writeTree(bench.path('many'), { ...source, x1: '', x2: '', x3: '' });
    const { code } = await bench.coffer(['sync', '--max-delete', '1', 'source', 'many']);
    expect(code).toBe(7);
    const left = Object.keys(readTree(bench.path('many'))).filter((path) => path.startsWith('x'));
    expect(left).toHaveLength(2);
  });

  it('--max-delete counts what a move deletes at the source, not what the store renames', async () => {
    writeTree(bench.path('moving'), { f1: '1', f2: '2', f3: '3' });
    const { code, stderr } = await bench.coffer(['move', '--max-delete', '1', 'moving', 'secret:moved']);
    expect(code, stderr).toBe(7);
    expect(Object.keys(readTree(bench.path('moving')))).toHaveLength(2);
    expect(await bench.coffer(['move', '--max-delete', '0', 'moving', 'moved'])).toMatchObject({ code: 0 });
    expect(existsSync(bench.path('moving'))).toBe(false);
  });

  it.each(['nowhere', 'secret:nowhere', ':memory:nowhere', 'wrong:'])(
    'with --files-from, a source that cannot be looked into is an error and deletes nothing: %s',
    async (from) => {
      writeFileSync(bench.path('wanted'), 'a.txt\nold.txt\n');
      await bench.coffer(['copy', 'source', 'secret:']);
      for (const command of ['copy', 'move', 'check', 'sync', 'sync --no-traverse', 'sync --delete-before']) {
        writeTree(bench.path('listed'), target);
        const line = `${command} ${from} listed --files-from wanted --retries 1`;
        expect((await bench.coffer(line.split(' '))).code, line).toBe(from === 'wrong:' ? 1 : 3);
        expect(Object.keys(readTree(bench.path('listed'))), line).toHaveLength(5);
      }
    },
  );

  it('a log file that cannot be written is an error before the work begins', async () => {
    const { code, stderr } = await bench.coffer(['copy', '--log-file', 'no/such/folder/log', 'source', 'unlogged']);
    expect(code).toBe(1);
    expect(stderr).toContain('no/such/folder/log');
    expect(existsSync(bench.path('unlogged'))).toBe(false);
  });
});

describe('a log file that takes no more', () => {
  it('leaves the log to standard error, and the work goes on', async () => {
    const { code, stderr } = await bench.coffer(['copy', '-v', '--log-file', '/dev/full', 'source', 'full-log']);
    expect(code).toBe(0);
    expect(stderr.match(/cannot write the log file \/dev\/full/g)).toHaveLength(1);
    expect(messages(stderr)).toContain('INFO  : a.txt: Copied (new)');
    expect(readTree(bench.path('full-log'))).toMatchObject({ 'a.txt': 'one', 'dir/c.txt': 'three' });
  });
});

describe('a flag that only rclone has', () => {
  it('is refused', async () => {
    writeTree(bench.path('precious'), target);
    const { code, stderr } = await bench.coffer(['sync', '--dscp', 'EF', 'source', 'precious']);
    expect(code).toBe(1);
    expect(stderr).toContain('--dscp');
    expect(readTree(bench.path('precious'))).toEqual(target);
  });
});

describe('move', () => {
  it.each([
    'move {}/from {}/to',
    'move {}/from {}/to --delete-empty-src-dirs --create-empty-src-dirs',
    'moveto {}/from/a.txt {}/to/z',
    'move {}/from/a.txt {}/to',
    'move {}/from {}/new/folder',
    'move {}/from {}/new --exclude *.log',
    'move {}/from {}/new --dry-run',
    'moveto {}/from {}/new',
  ])('%s leaves what rclone leaves', async (line) => {
    // Into a new folder rclone renames the whole of the old one, empty folders too.
    await bothTransfer(line, (folder) => writeTree(folder, { ...below('from', source), 'to/old': '' }));
  });

  it('a folder is not moved into itself', async () => {
    writeTree(bench.path('self'), { 'a.txt': 'a' });
    const { code, stderr } = await bench.same(['move', 'self', 'self/below']);
    expect(code).toBe(7);
    expect(stderr).toContain('overlapping');
  });

  const self = { 'a.txt': 'a', 'dir/b': 'b', 'dir/deep/c': 'c', 'dir/void/': '', 'below/old': 'old' };

  it.each([
    ['sync self self', 7],
    ['sync self self/below', 7],
    ['sync self/dir self', 7],
    ['sync self self/below --exclude /below/**', 0],
    ['move self self/below --exclude /below/**', 0],
    ['copy self self', 0],
    ['copy self self/below --exclude /below/**', 0],
  ])('%s does what rclone does', async (line, expected) => {
    const { code } = await sideBySide(bench, line, { self: [self] });
    expect(code).toBe(expected);
  });

  // rclone meets some of its own copies.
  it('a folder that is copied into itself gets there what was in it before, and no more', async () => {
    const line = 'copy self self/below --create-empty-src-dirs';
    const { code, tree } = await runIn(bench, 'coffer', line, { self: [self] });
    expect(code).toBe(0);
    expect(tree).toEqual({ ...below('self', self), ...below('self/below', self) });
  });
});
