import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGpg } from '../../packing/gpg.ts';
import { programPath } from '../../program.ts';
import { mustRun, peerEnvironment, type RunOptions, run } from '../../servers/run.ts';
import { converse } from '../conversation.ts';
import { createBench, readTree, writeTree } from '../run.ts';

const password = 'the password';
const gpg = createGpg(password);
const bench = createBench('packing');
const { path } = bench;
const tree = { 'a.txt': 'alpha', 'sub/b c': 'beta', 'sub/deep/empty': '' };

let runs = 0;
let bucket = '';
let out = '';

beforeAll(async () => {
  appendFileSync(path('rclone.conf'), '[allas]\ntype = alias\nremote = shelf\n');
  writeTree(path('data dir'), tree);
  for (const key of ['own', 'other']) await bench.coffer(['key', 'new', '--key', `${key}.key`, '--no-passphrase']);
});

beforeEach(() => {
  runs++;
  bucket = `bucket-${runs}`;
  out = `out-${runs}`;
});

const coffer = (args: readonly string[], options: RunOptions = {}) =>
  bench.coffer(args, { ...options, env: { COFFER_GPG_PASSWORD: password, ...options.env } });
const stored = (name: string): string => path(join('shelf', bucket, name));
const listed = (): string[] => readdirSync(path(join('shelf', bucket))).sort();

async function put(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await coffer(['put', '-b', bucket, ...args]);
  expect(code, stderr).toBe(0);
}

async function get(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await coffer(['get', '-d', out, ...args]);
  expect(code, stderr).toBe(0);
}

/** Expects a failure with these words, and that nothing is left of it. */
async function refusedGet(words: RegExp, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await coffer(['get', '-d', out, ...args]);
  expect(stderr).toMatch(words);
  expect(code).not.toBe(0);
  expect(existsSync(path(out)), 'nothing is left').toBe(false);
}

describe('a folder', () => {
  it.each([
    [['-e', 'gpg'], 'data_dir.tar.gpg'],
    [['-e', 'gpg', '-c'], 'data_dir.tar.zst.gpg'],
    [['-e', 'c4gh', '--pk', 'own.key.pub', '--public-key', 'other.key.pub'], 'data_dir.tar.c4gh'],
    [['-e', 'crypt4gh', '--pk', 'own.key.pub', '-c'], 'data_dir.tar.zst.c4gh'],
    [[], 'data_dir.tar'],
    [['--compress'], 'data_dir.tar.zst'],
  ])('goes with %j to %s, and comes back', async (flags, name) => {
    await put('data dir', ...flags);
    expect(listed()).toEqual([name, `${name}_ameta`]);
    await get(`${bucket}/${name}`, '--sk', 'own.key');
    expect(readTree(path(`${out}/data dir`))).toEqual(tree);
    expect(readdirSync(path(out))).toEqual(['data dir']);
    expect(statSync(path(`${out}/data dir/a.txt`)).mtimeMs).toBe(statSync(path('data dir/a.txt')).mtimeMs);
  });

  it('that coffer put opens by gpg, zstd and tar', async () => {
    await put('data dir', '-e', 'gpg', '-c');
    await gpg.open(stored('data_dir.tar.zst.gpg'), path('x.tar.zst'));
    await mustRun('zstd', ['-q', '-d', '-f', path('x.tar.zst')]);
    mkdirSync(path(out));
    await mustRun('tar', ['-C', path(out), '-xf', path('x.tar')]);
    expect(readTree(path(`${out}/data dir`))).toEqual(tree);
  });

  it('that tar, zstd and gpg packed comes back', async () => {
    mkdirSync(path(join('shelf', bucket)), { recursive: true });
    await mustRun('tar', ['-C', bench.folder, '-cf', path('t.tar'), 'data dir']);
    await mustRun('zstd', ['-q', '-f', path('t.tar'), '-o', path('t.tar.zst')]);
    await gpg.seal(path('t.tar.zst'), stored('t.tar.zst.gpg'));
    await get(`${bucket}/t.tar.zst.gpg`);
    expect(readTree(path(`${out}/data dir`))).toEqual(tree);
  });

  it('gives one of its members', async () => {
    await put('data dir', '-e', 'gpg');
    await get(`${bucket}/data_dir.tar.gpg`, '-f', 'data dir/sub/b c');
    await get(`${bucket}/data_dir.tar.gpg`, '-f', 'data dir/a.txt');
    expect(readTree(path(out))).toEqual({ 'data dir/sub/b c': 'beta', 'data dir/a.txt': 'alpha' });
  });

  it('gets another name, here and there', async () => {
    await put('data dir', '-o', 'named');
    await get(`${bucket}/named.tar`, '-t', 'renamed');
    expect(readTree(path(`${out}/renamed`))).toEqual(tree);
  });

  it('goes as it is, file by file, and comes as it is', async () => {
    await put('data dir', '--asis', '--no-ameta', '-e', 'gpg');
    expect(Object.keys(readTree(path(join('shelf', bucket))))).toEqual(
      ['a.txt', 'sub/b_c', 'sub/deep/empty'].map((name) => `data dir/${name}.gpg`),
    );
    await get(`${bucket}/data dir/a.txt.gpg`, '--asis');
    await get(`${bucket}/data dir/a.txt.gpg`);
    expect(readdirSync(path(out)).sort()).toEqual(['a.txt', 'a.txt.gpg']);
    expect(readFileSync(path(`${out}/a.txt`), 'utf8')).toBe('alpha');
  });

  it('keeps names of bytes that are not UTF-8, packed and file by file', async () => {
    const odd = (...parts: readonly string[]) => Buffer.from(parts.join('/'), 'latin1');
    const file = odd(path('odd'), 'caf\xe9');
    mkdirSync(path('odd'));
    writeFileSync(file, 'black');
    await put('odd', '--asis', '--no-ameta');
    expect(readFileSync(odd(path('shelf'), bucket, 'odd', 'caf\xe9'), 'utf8')).toBe('black');

    writeFileSync(path('odd list'), odd('odd', 'caf\xe9\n'));
    await put('--input-list', 'odd list', '--no-ameta');
    expect(readFileSync(odd(path('shelf'), bucket, 'caf\xe9'), 'utf8')).toBe('black');

    // At the top of another program's archive.
    execFileSync('sh', ['-c', `tar -cf '${stored('odd.tar')}' *`], { cwd: path('odd') });
    await get(`${bucket}/odd.tar`);
    expect(readFileSync(odd(path(out), 'caf\xe9'), 'utf8')).toBe('black');
  });

  it('says what it leaves out of one that goes file by file', async () => {
    writeTree(path('with links'), { 'a.txt': 'alpha', 'sub/b': 'beta' });
    symlinkSync('../a.txt', path('with links/sub/link'));
    symlinkSync('..', path('with links/sub/circle'));
    execFileSync('mkfifo', [path('with links/pipe')]);
    const { code, stderr } = await coffer(['put', '-b', bucket, 'with links', '--asis', '--no-ameta']);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('with links/pipe: is not a file, folder or link: left out');
    expect(stderr).toContain('with links/sub/link: is a link: left out; --follow-links stores what it leads to');
    expect(Object.keys(readTree(path(join('shelf', bucket))))).toEqual(['with links/a.txt', 'with links/sub/b']);

    await put('with links', '--asis', '--no-ameta', '--follow-links', '--override');
    expect(readTree(path(join('shelf', bucket)))).toMatchObject({ 'with links/sub/link': 'alpha' });
  });

  it('is stored with what its links lead to, where that is wished', async () => {
    writeTree(path('linked'), { 'real/x': 'x' });
    symlinkSync('../data dir/a.txt', path('linked/l'));
    await put('linked', '--follow-links');
    await get(`${bucket}/linked.tar`);
    expect(readTree(path(`${out}/linked`))).toEqual({ 'real/x': 'x', l: 'alpha' });
  });
});

it('several sources go in one call, and from a list', async () => {
  writeFileSync(path('list'), 'own.key.pub\n\nother.key.pub\n');
  await put('data dir', '--input-list', 'list', '-e', 'c4gh', '--pk', 'own.key.pub', '--ameta', 'none');
  expect(listed()).toEqual(['data_dir.tar.c4gh', 'other.key.pub.c4gh', 'own.key.pub.c4gh']);
  await get(`${bucket}/own.key.pub.c4gh`, `${bucket}/other.key.pub.c4gh`, '--sk', 'own.key');
  expect(readFileSync(path(`${out}/other.key.pub`))).toEqual(readFileSync(path('other.key.pub')));
});

it("CSC's key can be added", async () => {
  await put('data dir', '--sdx', '--pk', 'own.key.pub');
  expect(listed()).toEqual(['data_dir.tar.c4gh']);
  expect(readFileSync(stored('data_dir.tar.c4gh')).readUInt32LE(12), 'packets in the header').toBe(2);
  await get(`${bucket}/data_dir.tar.c4gh`, '--sk', 'own.key');
});

describe('what is not put', () => {
  it.each([
    [['data dir', 'none'], /Failed to put: there is no file or folder none\n/],
    [['a_ameta'], /ends with _ameta/],
    [['data dir', '-o', 'a/b'], /without a slash/],
    [['data dir', 'own.key', '-o', 'x'], /names one object/],
    [['data dir', 'copy/data dir'], /would both become data_dir.tar/],
    [['data dir', '-e', 'c4gh'], /Give a public key with --pk/],
    [['data dir', '-e', 'c4gh', '--pk', 'none.pub'], /there is no key file none.pub/],
    [['data dir', '-e', 'c4gh', '--pk', 'own.key'], /secret key/],
    [['data dir', '--pk', 'own.key.pub'], /add --encrypt c4gh/],
    [['data dir', '-e', 'rot13'], /not an encryption method/],
    [['data dir', '--ameta', 'sealed'], /needs --encrypt/],
  ])('%j', async (args, words) => {
    writeFileSync(path('a_ameta'), '');
    writeTree(path('copy/data dir'), { x: 'x' });
    const { code, stderr } = await coffer(['put', '-b', bucket, ...args]);
    expect(stderr).toMatch(words);
    expect(code).not.toBe(0);
    expect(existsSync(path(join('shelf', bucket)))).toBe(false);
  });

  it('an object that exists, unless that is wished', async () => {
    await put('data dir', '-e', 'gpg');
    const before = readFileSync(stored('data_dir.tar.gpg'));
    const { code, stderr } = await coffer(['put', '-b', bucket, 'data dir', '-e', 'gpg']);
    expect(stderr).toMatch(/data_dir.tar.gpg exists already: --override replaces it/);
    expect(code).toBe(6);
    expect(readFileSync(stored('data_dir.tar.gpg'))).toEqual(before);
    await put('data dir', '-e', 'gpg', '--override', '--no-ameta');
    expect(readFileSync(stored('data_dir.tar.gpg'))).not.toEqual(before);
    expect(listed(), 'what described the old one is gone').toEqual(['data_dir.tar.gpg']);
  });

  it('a file that changes while it is read', async () => {
    writeFileSync(path('growing'), Buffer.alloc(40 << 20));
    const growing = setInterval(() => appendFileSync(path('growing'), 'more'), 1);
    const { code, stderr } = await coffer(['put', '-b', bucket, 'growing', '-e', 'gpg']);
    clearInterval(growing);
    expect(stderr).toMatch(/growing changed while it was read/);
    expect(code).toBe(1);
    expect(existsSync(stored('growing.gpg'))).toBe(false);
  });

  it('the others, when one of several fails', async () => {
    mkdirSync(path('busy'), { recursive: true });
    writeFileSync(path('busy/f'), Buffer.alloc(40 << 20));
    const growing = setInterval(() => appendFileSync(path('busy/f'), 'more'), 1);
    const { code } = await coffer(['put', '-b', bucket, 'busy', 'data dir']);
    clearInterval(growing);
    expect(code).toBe(1);
    expect(listed()).toEqual(['data_dir.tar', 'data_dir.tar_ameta']);
  });

  it('anything, where no password is to be had', async () => {
    const options = { env: { COFFER_GPG_PASSWORD: '' } };
    expect((await coffer(['put', '-b', bucket, 'data dir', '-e', 'gpg'], options)).code).toBe(1);
  });
});

it('a password comes from a command too, which goes before the environment', async () => {
  const args = ['--gpg-password-command', `echo "${password}"`];
  const env = { COFFER_GPG_PASSWORD: 'another' };
  expect((await bench.coffer(['put', '-b', bucket, 'data dir', '-e', 'gpg', ...args], { env })).code).toBe(0);
  await get(`${bucket}/data_dir.tar.gpg`);
});

it('a Crypt4GH file comes back though nobody gives the password of its description', async () => {
  await put('data dir/a.txt', '-e', 'c4gh', '--pk', 'own.key.pub');
  await put('data dir/sub', '-e', 'gpg');
  renameSync(stored('sub.tar.gpg_ameta'), stored('a.txt.c4gh_ameta'));
  const line = ['get', '-d', out, `${bucket}/a.txt.c4gh`, '--sk', 'own.key', '--ask-password=false'];
  const { code, stderr } = await bench.coffer(line);
  expect(stderr).toContain('its description does not open, so its size is not checked: a password is needed');
  expect(code).toBe(0);
  expect(readFileSync(path(`${out}/a.txt`), 'utf8')).toBe('alpha');
});

describe('what does not come back', () => {
  it('what is sealed by another password', async () => {
    await put('data dir', '-e', 'gpg');
    const { code, stderr } = await coffer(['get', '-d', out, `${bucket}/data_dir.tar.gpg`], {
      env: { COFFER_GPG_PASSWORD: 'wrong' },
    });
    expect(stderr).toMatch(/data_dir.tar.gpg: the password does not open it/);
    expect(code).toBe(1);
    expect(existsSync(path(out))).toBe(false);
  });

  it('what is sealed to others', async () => {
    await put('data dir', '-e', 'c4gh', '--pk', 'other.key.pub');
    await refusedGet(/not sealed to your key \(SHA256:/, `${bucket}/data_dir.tar.c4gh`, '--sk', 'own.key');
  });

  it.each([
    ['.tar', [], /the archive is cut/],
    ['.tar.zst', ['-c'], /cannot decompress it/],
    ['.tar.gpg', ['-e', 'gpg'], /is cut|changed or cut/],
    ['.tar.zst.gpg', ['-e', 'gpg', '-c'], /is cut|changed or cut/],
    ['.tar.c4gh', ['-e', 'c4gh', '--pk', 'own.key.pub'], /corrupt|cut/],
  ])('what was cut: %s', async (suffix, flags, words) => {
    await put('data dir', ...flags);
    const object = stored(`data_dir${suffix}`);
    // Past the end marks of tar, which fills archives up.
    truncateSync(object, suffix === '.tar' ? 4096 : statSync(object).size - 40);
    await refusedGet(words, `${bucket}/data_dir${suffix}`, '--sk', 'own.key');
  });

  it('what is empty', async () => {
    mkdirSync(path(join('shelf', bucket)), { recursive: true });
    for (const suffix of ['tar', 'tar.zst', 'tar.gpg', 'tar.c4gh']) {
      writeFileSync(stored(`x.${suffix}`), '');
      await refusedGet(/x\.tar/, `${bucket}/x.${suffix}`, '--sk', 'own.key');
    }
  });

  it('a Crypt4GH file that lost its last chunk, where a description tells its size', async () => {
    writeFileSync(path('two'), Buffer.alloc(65_536 + 1, 'x'));
    await put('two', '-e', 'c4gh', '--pk', 'own.key.pub');
    truncateSync(stored('two.c4gh'), statSync(stored('two.c4gh')).size - 29);
    await refusedGet(/opens to 65536 bytes where 65537 were put/, `${bucket}/two.c4gh`, '--sk', 'own.key');
  });

  it('what the archive does not hold, and what is not there', async () => {
    await put('data dir');
    await refusedGet(/holds no "data dir\/none"/, `${bucket}/data_dir.tar`, '-f', 'data dir/none');
    await refusedGet(/there is no object .*none/, `${bucket}/none`);
  });

  it('what would replace something', async () => {
    await put('data dir', '-e', 'gpg');
    writeTree(path(out), { 'data dir/mine': 'mine' });
    const { code, stderr } = await coffer(['get', '-d', out, `${bucket}/data_dir.tar.gpg`]);
    expect(stderr).toMatch(/exists already/);
    expect(code).toBe(6);
    expect(readTree(path(out))).toEqual({ 'data dir/mine': 'mine' });
  });

  it('what a hostile archive holds', async () => {
    mkdirSync(path(join('shelf', bucket)), { recursive: true });
    await mustRun('tar', ['-C', path('data dir'), '-Pcf', stored('x.tar'), '--transform=s,^,../,', 'a.txt']);
    await refusedGet(/leads out of the folder/, `${bucket}/x.tar`);
    expect(existsSync(path('a.txt'))).toBe(false);
  });

  it('what the disk has no room for', async () => {
    writeFileSync(path('large'), Buffer.alloc(3 << 20));
    await put('large', '-e', 'gpg');
    const script = `trap '' XFSZ; ulimit -f 1024; exec "$0" "$@"`;
    const args = ['-c', script, process.execPath, programPath, 'get', '-d', out, `${bucket}/large.gpg`];
    const env = { RCLONE_CONFIG: path('rclone.conf'), COFFER_GPG_PASSWORD: password };
    const { code, stderr } = await run('sh', args, { cwd: bench.folder, env });
    expect(stderr).toMatch(/too large for this file system or for the limit/);
    expect(code).toBe(1);
    expect(existsSync(path(out))).toBe(false);
  });

  it('anything after Ctrl-C, in either direction', async () => {
    writeFileSync(path('big'), Buffer.alloc(200 << 20));
    await interrupted(['put', '-b', bucket, 'big', '-e', 'gpg'], () => existsSync(path(join('shelf', bucket))));
    expect(existsSync(path(join('shelf', bucket))) ? listed() : []).toEqual([]);
    await put('big', '-e', 'gpg');
    await interrupted(['get', '-d', out, `${bucket}/big.gpg`], () => existsSync(path(out)));
    expect(existsSync(path(out))).toBe(false);
  });
});

/** Sends SIGINT once `hasBegun`; the program must end with 130. */
async function interrupted(args: readonly string[], hasBegun: () => boolean): Promise<void> {
  const env = { ...peerEnvironment(), RCLONE_CONFIG: path('rclone.conf'), COFFER_GPG_PASSWORD: password };
  const child = spawn(process.execPath, [programPath, ...args], { cwd: bench.folder, env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const watch = setInterval(() => {
    if (!hasBegun()) return;
    clearInterval(watch);
    child.kill('SIGINT');
  }, 1);
  expect(await ended).toBe(130);
}

it('what is put names nothing in the clear, and is found with the key', async () => {
  writeTree(path('secret-folder'), { 'sample_12.fastq': 'ACGT' });
  await put('secret-folder', '-o', 'harmless', '-m', 'a secret-note', '-e', 'c4gh', '--pk', 'own.key.pub');
  await put('secret-folder', '-o', 'locked', '-e', 'gpg');
  await put('secret-folder', '-o', 'foreign', '-e', 'c4gh', '--pk', 'other.key.pub');
  for (const name of listed()) expect(readFileSync(stored(name)).includes('secret'), name).toBe(false);

  const plain = await coffer(['objects', bucket]);
  expect(plain.stdout).toBe(
    ['foreign.tar.c4gh', 'harmless.tar.c4gh', 'locked.tar.gpg'].map((name) => `${bucket}/${name}\n`).join(''),
  );
  const long = await coffer(['objects', '-l', bucket, '--sk', 'own.key']);
  expect(long.stdout).toContain(`from ${path('secret-folder')}`);
  expect(long.stdout).toContain('1 file, "a secret-note"');
  expect(long.stdout).toMatch(/its description does not open: .*foreign\.tar\.c4gh_ameta: not sealed to your key/);
  const one = await coffer(['objects', `${bucket}/locked.tar.gpg`]);
  expect(one.stdout).toContain('secret-folder/sample_12.fastq');

  const found = await coffer(['find', 'fastq$', '-f', '-b', bucket, '--sk', 'own.key']);
  expect(found.stdout).toBe(
    ['harmless.tar.c4gh', 'locked.tar.gpg'].map((name) => `${bucket}/${name} secret-folder/sample_12.fastq\n`).join(''),
  );
  expect(found.stderr).toContain('1 description did not open');
  expect((await coffer(['find', '^harm', '-b', bucket, '--sk', 'own.key'])).stdout).toBe(
    `${bucket}/harmless.tar.c4gh\n`,
  );

  rmSync(path('secret-folder'), { recursive: true });
  expect((await coffer(['get', '-l', `${bucket}/harmless.tar.c4gh`, '--sk', 'own.key'])).code).toBe(0);
  expect(readTree(path('secret-folder'))).toEqual({ 'sample_12.fastq': 'ACGT' });
});

it('what is needed to open descriptions is asked for one by one, and nothing is shown meanwhile', async () => {
  await coffer(['key', 'new', '--key', 'locked.key'], { env: { C4GH_PASSPHRASE: password } });
  await put('data dir', '-o', 'keyed', '-e', 'c4gh', '--pk', 'locked.key.pub');
  await put('data dir', '-o', 'locked', '-e', 'gpg');
  await put('data dir', '-o', 'plain');
  const env = { RCLONE_CONFIG: path('rclone.conf') };
  const { screen, code } = await converse(
    [process.execPath, programPath, 'objects', '-l', bucket, '--sk', 'locked.key'],
    [password, password],
    { terminal: true, question: /(?:locked\.key|gpg encryption): $/, cwd: bench.folder, env },
  );
  expect(code, screen).toBe(0);
  expect(screen).toMatch(
    /^(?:Passphrase for locked\.key|Password of the gpg encryption): \n(?:Pass.*: \n) .*keyed\.tar\.c4gh\n/,
  );
  expect(screen.match(/3 files/g)).toHaveLength(3);
  expect(screen).not.toContain('does not open');
});

describe('a get that is killed', () => {
  /** Starts one and sends it the signal once it has begun to write. */
  async function stopped(signal: NodeJS.Signals, name: string) {
    const child = spawn(process.execPath, [programPath, 'get', '-d', out, `${bucket}/${name}`], {
      cwd: path('.'),
      env: { ...peerEnvironment(), RCLONE_CONFIG: path('rclone.conf') },
      stdio: 'ignore',
    });
    const exit = once(child, 'exit');
    const isWriting = () => existsSync(path(out)) && readdirSync(path(out)).some((name) => name.startsWith('.'));
    while (!isWriting()) await sleep(2);
    child.kill(signal);
    return { child, exit };
  }

  beforeEach(async () => {
    writeFileSync(path('large'), Buffer.alloc(200_000_000, 7));
    await put('large', 'data dir');
  });

  it('leaves a hidden folder that the next one removes', async () => {
    await (await stopped('SIGKILL', 'large')).exit;
    const [left = ''] = readdirSync(path(out));
    expect(left).toMatch(/^\.large\..*\.partial$/);
    const { code, stderr } = await coffer(['get', '-d', out, `${bucket}/data_dir.tar`]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`NOTICE: ${path(join(out, left))}: removed: it was left by a get that was killed`);
    expect(readdirSync(path(out))).toEqual(['data dir']);
  });

  it('is told from one that still runs, and from what is another kind of thing', async () => {
    const { child, exit } = await stopped('SIGSTOP', 'large');
    const others = readdirSync(path(out)).map((name) => name.replace(/-[0-9]+-/, `-${process.pid}-`));
    others.push('.x.0123abcd.partial', '.x.01234567-1-1.0123abcd.partial');
    writeFileSync(path(join(out, others[0] ?? '')), 'a file');
    for (const name of others.slice(1)) mkdirSync(path(join(out, name)));
    await get(`${bucket}/data_dir.tar`);
    child.kill('SIGCONT');
    await exit;
    expect(readdirSync(path(out)).sort()).toEqual([...others, 'data dir', 'large'].sort());
  });
});
