import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBench, writeTree } from './run.ts';

const bench = createBench('arguments');

beforeAll(() => {
  writeTree(bench.path('plain'), { 'a.txt': 'hello', 'b.txt': 'world', 'dir/c.txt': 'x' });
});

describe('errors end as they do in rclone', () => {
  it.each([
    ['an unknown command', 'lss plain', 'unknown command "lss"'],
    ['an unknown flag', 'ls --nonsense plain', 'unknown flag: --nonsense'],
    ['an unknown short flag', 'ls -Z plain', '-Z'],
    ['a flag without its value', 'ls plain --max-depth', 'flag needs an argument'],
    ['a value of another kind', 'ls plain --max-depth two', 'max-depth'],
    ['a size that is none', 'ls plain --min-size many', '--min-size'],
    ['an age that is none', 'ls plain --max-age soon', '--max-age'],
    ['a window without an end', 'copy plain to --modify-window off', '--modify-window'],
    ['an unknown remote', 'ls nobody:', 'nobody'],
    ['an unknown type', 'ls :nonsense:', 'nonsense'],
    ['too few words', 'copy plain', '2 arguments minimum'],
    ['too many words', 'ls plain plain', '1 arguments maximum'],
    ['a bad filter', 'ls plain --include [', '['],
    ['a folder that is not there', 'ls nowhere', 'nowhere'],
    ['a source that is not there', 'copy nowhere to', 'nowhere'],
    ['-v with -q', 'ls -v -q plain', '-q'],
  ])('%s', async (_, line, said) => {
    const { stderr } = await bench.same(line.split(' '));
    expect(stderr).toContain(said);
  });

  it.each([
    ['a command', 'copyy plain to', 'did you mean "copy"?'],
    ['a subcommand', 'config shw', 'did you mean "show"?'],
    ['a topic of help', 'help copyy', 'did you mean "copy"?'],
    ['a flag', 'ls --max-deph 1 plain', 'did you mean "--max-depth"?'],
    ['a type', 'ls :cript:', 'did you mean "crypt"?'],
    ['a command of the Allas tools', 'a-put plain -b bucket', 'did you mean "put"?'],
    ['a command of a shell', 'cp plain to', 'did you mean "copy"?'],
    ['a remote', 'ls alls:', 'did you mean "allas"?'],
    ['a remote to be shown', 'config show alls', 'did you mean "allas"?'],
  ])('%s that is almost one is guessed', async (_, line, said) => {
    writeFileSync(bench.path('allas.conf'), '[allas]\ntype = local\n');
    const { code, stderr } = await bench.coffer([...line.split(' '), '--config', 'allas.conf']);
    expect(stderr).toContain(said);
    expect(code).toBe(1);
  });

  it.each([
    ['a command that only rclone has', 'bisync plain to', 'only rclone has it'],
    ['a remote before the command', 'allas: ls', 'the command comes first, as in "coffer ls …"'],
    ['a flag that is like none', 'ls --sk plain', /unknown flag: --sk\n/],
    ['a file that is not there', 'copy plain/d.txt to', 'plain/d.txt: no such file or folder\n'],
    [
      'a file with a slash behind it',
      'copy plain/a.txt/ to',
      'plain/a.txt: no such file or folder: it, or a part of its path, is a file\n',
    ],
    [
      'a file whose name has a colon',
      'copy plain-12:30.txt to',
      '"./plain-12:30.txt" is what is there on this machine',
    ],
    ['a folder as config', 'ls allas: --config plain', 'plain is a folder\n'],
    [
      'what --pk swallows',
      'put --encrypt c4gh --pk plain -b bucket',
      'name a file or folder to put: --pk took plain for a public key',
    ],
    [
      'a bucket before the project',
      'access +rw allas:bucket project',
      'the bucket, allas:bucket, comes after the projects',
    ],
    ['a folder before the remote', 'mount plain allas:', 'name the remote first, then the folder'],
    ['a bucket without an object', 'get plain', 'name an object in it, as plain/OBJECT'],
    ['a remote to be shown that is not there', 'config show nope', '`coffer listremotes` lists those that are there'],
    [
      'a public key that is not there',
      'encrypt plain/a.txt --to no.pub',
      'there is no key file no.pub: check its path, or ask its owner for it\n',
    ],
    ['a flag behind --', 'ls -- plain --max-depth 1', 'what stands behind -- is no flag\n'],
    ['what a shell has made of a pattern', 'copy plain/a.txt plain/b.txt to', 'quotation marks'],
    ['a flag copied from a page with long dashes', 'ls \u2013\u2013max-depth 1 plain', 'begins with another dash'],
    ['a long flag with one dash', 'copy -dry-run plain to', 'unknown flag: -d in -dry-run: did you mean "--dry-run"?'],
    ['a long flag with one dash and a value', 'ls -max-depth=1 plain', 'did you mean "--max-depth"?'],
    ['a folder for a public key', 'encrypt plain/a.txt --to plain', 'cannot read the key file plain: EISDIR'],
    ['an object that is not there', 'get ./plain/none', '`coffer objects ./plain` lists those that are there\n'],
    ['a folder where nothing is mounted', 'unmount plain', '`coffer mount status` shows what is\n'],
    ['a command of the system', 'umount plain', 'did you mean "unmount"?'],
  ])('%s: the message says what to do', async (_, line, said) => {
    writeFileSync(bench.path('allas.conf'), '[allas]\ntype = local\n');
    writeFileSync(bench.path('plain-12:30.txt'), 'x');
    const { code, stderr } = await bench.coffer([
      ...line.split(' '),
      ...(line.includes('--config') ? [] : ['--config', 'allas.conf']),
    ]);
    if (typeof said === 'string') expect(stderr).toContain(said);
    else expect(stderr).toMatch(said);
    expect(code).not.toBe(0);
  });

  it('a remote without its colon is told of once', async () => {
    const { code, stderr } = await bench.coffer(['copy', 'plain', 'store']);
    expect(code).toBe(0);
    expect(stderr.match(/"store" refers to a local folder/g)).toHaveLength(1);
    rmSync(bench.path('store'), { recursive: true });
  });

  it('a file to be deleted that is not there: 4', async () => {
    expect((await bench.coffer(['deletefile', 'plain/none'])).code).toBe(4);
  });

  it('a config file that is not there has no remotes', async () => {
    const { code, stderr } = await bench.coffer(['ls', 'secret:', '--config', 'no.conf']);
    expect(code).toBe(1);
    expect(stderr).toContain('no.conf');
  });

  it('a section without a type is named', async () => {
    writeFileSync(bench.path('typeless.conf'), '[bare]\nuser = me\n');
    const { code, stderr } = await bench.coffer(['ls', 'bare:', '--config', 'typeless.conf']);
    expect(code).toBe(1);
    expect(stderr).toContain('bare');
  });
});

describe('flags', () => {
  it.each([
    'ls plain --max-depth 1',
    '--max-depth 1 ls plain',
    'ls --max-depth=1 plain',
    '--max-depth=1 ls --include b* plain',
    'lsf -RF sp plain',
    'lsf -R --format=sp plain',
    'lsf plain -Fsp -s,',
    'lsf --dir-slash=false plain',
    'lsf --files-only=0 plain',
    'ls --ignore-case=true --include=B* plain',
    'ls --exclude a* -- plain',
  ])('stand anywhere: %s', async (line) => {
    await bench.same(line.split(' '));
  });

  it('have their defaults from the environment', async () => {
    await bench.same(['ls', 'plain'], { env: { RCLONE_MAX_DEPTH: '1' } });
    await bench.same(['ls', 'plain'], { env: { RCLONE_INCLUDE: 'b*' } });
    await bench.same(['ls', 'plain', '--max-depth', '2'], { env: { RCLONE_MAX_DEPTH: '1' } });
    const { stderr } = await bench.coffer(['copy', 'plain/a.txt', 'to'], { env: { RCLONE_VERBOSE: '1' } });
    expect(stderr).toContain('a.txt: Copied (new)');
  });

  it('of the environment that make no sense are named', async () => {
    const { code, stderr } = await bench.coffer(['ls', 'plain'], { env: { RCLONE_TRANSFERS: 'many' } });
    expect(code).toBe(1);
    expect(stderr).toContain('RCLONE_TRANSFERS');
  });

  it('of a backend are taken with their type before them', async () => {
    await bench.same(['lsf', '--crypt-show-mapping=false', 'secret:', '--crypt-filename-encoding', 'base32']);
  });

  it('options of a remote are taken from the environment', async () => {
    const env = { RCLONE_CONFIG_HERE_TYPE: 'alias', RCLONE_CONFIG_HERE_REMOTE: bench.path('plain') };
    await bench.same(['ls', 'here:dir'], { env });
  });
});

describe('help', () => {
  it('of coffer names every command', async () => {
    for (const line of [[], ['help'], ['--help']]) {
      const { code, stdout } = await bench.coffer(line);
      expect(code).toBe(0);
      for (const name of ['copy', 'check', 'lsjson', 'touch']) expect(stdout).toContain(`\n  ${name} `);
    }
  });

  it('of a command tells its flags and shows an example', async () => {
    for (const line of ['check --help', 'check -h', 'help check']) {
      const { code, stdout } = await bench.coffer(line.split(' '));
      expect(code).toBe(0);
      expect(stdout).toContain('--missing-on-src file');
      expect(stdout).toContain('    coffer check ');
      expect(stdout).toContain('coffer check source:path dest:path [flags]');
    }
  });

  it('of the flags tells their defaults', async () => {
    const { stdout } = await bench.coffer(['help', 'flags']);
    expect(stdout).toMatch(/--transfers int .*\(default 4\)/);
  });
});

it('names that are not UTF-8 are printed as the bytes they are', async () => {
  const name = Buffer.from([0x6e, 0xff, 0x6f]);
  mkdirSync(bench.path('odd'));
  writeFileSync(Buffer.concat([Buffer.from(`${bench.path('odd')}/`), name]), 'raw');
  await bench.coffer(['hashsum', 'md5', 'odd', '--output-file', 'odd.md5']);
  expect(readFileSync(bench.path('odd.md5'))).toEqual(
    Buffer.concat([Buffer.from('bdd166af3a63f7be696dd17a218a6ffb  '), name, Buffer.from('\n')]),
  );
});

it.each([
  ['--files-from-raw', ''],
  ['--files-from', ''],
  ['--include-from', '/'],
])('names that are not UTF-8 are found by %s, in a file and from a pipe', async (flag, start) => {
  const name = Buffer.from([0x6e, 0xff, 0x6f]);
  mkdirSync(bench.path('listed'), { recursive: true });
  for (const file of [name, Buffer.from('other')]) {
    writeFileSync(Buffer.concat([Buffer.from(`${bench.path('listed')}/`), file]), '');
  }
  const list = Buffer.concat([Buffer.from(start), name, Buffer.from('\n')]);
  writeFileSync(bench.path('list'), list);
  for (const from of ['list', '-']) {
    const { stdout, stderr } = await bench.coffer(['lsf', flag, from, 'listed'], { input: list });
    expect(stdout, stderr).toBe('n\ufffdo\n');
  }
});
