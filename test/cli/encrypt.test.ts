import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/formats/crypt4gh/fingerprint.ts';
import { vectorKey } from '../formats/crypt4gh/vectors.ts';
import { programPath } from '../program.ts';
import { requirePeer } from '../servers/peers.ts';
import { peerEnvironment, run } from '../servers/run.ts';
import { createBench, messages, readTree, timesIn, writeTree } from './run.ts';

const { coffer, folder, path, rclone } = createBench('encrypt');
const vectors = join(import.meta.dirname, '../vectors/crypt4gh');
const peer = join(import.meta.dirname, '../interop/crypt4gh.py');
const chunk = 65_564;
const sizeOfHeader = 124;

const tree = {
  'a.txt': 'alpha\n',
  empty: '',
  'sub/b.txt': Array.from({ length: 25_000 }, (_, line) => `${String(line).padStart(7, '0')}\n`).join(''),
  'sub/deep/ä c.txt': 'gamma\n',
};
const sealedTree = Object.keys(tree).map((name) => `${name}.c4gh`);

/** As plain.sec, which has no passphrase, unless told. */
const own = { C4GH_SECRET_KEY: 'plain.sec', C4GH_PASSPHRASE: 'bob' };
const encrypt = (...args: string[]) => coffer(['encrypt', '--to', 'plain.pub', ...args], { env: own });
const decrypt = (...args: string[]) => coffer(['decrypt', ...args], { env: own });
async function succeed(result: ReturnType<typeof coffer>) {
  const { code, stderr } = await result;
  expect(code, stderr).toBe(0);
  return stderr;
}

beforeAll(() => {
  for (const name of ['plain.sec', 'plain.pub', 'bob.sec', 'bob.pub', 'alice.pub']) {
    copyFileSync(join(vectors, name), path(name));
    if (name.endsWith('.sec')) chmodSync(path(name), 0o400);
  }
});

beforeEach(() => {
  for (const name of readdirSync(folder)) {
    if (!/\.(sec|pub|conf)$/.test(name)) rmSync(path(name), { recursive: true });
  }
  writeTree(path('job'), tree);
});

describe('encrypt and decrypt', () => {
  test('go beside each file, and leave what was there', async () => {
    const told = await succeed(encrypt('job'));
    expect(told).toContain(
      `Encrypted 4 files (195.324 KiB) for ${fingerprint((await vectorKey('plain', '')).public)} (plain.pub)\n`,
    );
    expect(readTree(path('job'))).toMatchObject(tree);
    expect(Object.keys(readTree(path('job'))).sort()).toEqual([...Object.keys(tree), ...sealedTree].sort());
    const { 'a.txt': modified } = timesIn(path('job'));
    for (const name of Object.keys(tree)) rmSync(path(`job/${name}`));
    expect(await succeed(decrypt('job'))).toContain('Decrypted 4 files (195.324 KiB)\n');
    expect(readTree(path('job'))).toMatchObject(tree);
    expect(timesIn(path('job'))['a.txt']).toBe(modified);
  });

  test.for(['missing', 'nothing'])('change nothing where one of the arguments is %s', async (word) => {
    mkdirSync(path('nothing'));
    const { code, stderr } = await encrypt('job', word);
    expect(stderr).toMatch(/there is no file (or folder missing|to encrypt in it)/);
    expect(code).toBe(word === 'missing' ? 3 : 4);
    expect(readTree(path('job'))).toEqual(tree);
  });

  test('take the contents of one folder elsewhere, and of several each under its name', async () => {
    await succeed(encrypt('job', '-o', 'out'));
    expect(Object.keys(readTree(path('out'))).sort()).toEqual([...sealedTree].sort());
    await succeed(decrypt('out', '-o', 'back/again'));
    expect(readTree(path('back/again'))).toEqual(tree);
    writeTree(path('other'), { 'a.txt': 'another' });
    await succeed(encrypt('job/sub', 'other', 'job/a.txt', '-o', 'set'));
    expect(Object.keys(readTree(path('set'))).sort()).toEqual(
      ['a.txt.c4gh', 'other/a.txt.c4gh', 'sub/b.txt.c4gh', 'sub/deep/ä c.txt.c4gh'].sort(),
    );
  });

  test('name one file, or put it into a folder', async () => {
    await succeed(encrypt('job/a.txt', '-o', 'named.bin'));
    await succeed(encrypt('job/a.txt', '-o', 'job/sub'));
    await succeed(encrypt('job/a.txt', '-o', 'new/'));
    expect(existsSync(path('job/sub/a.txt.c4gh')) && existsSync(path('new/a.txt.c4gh'))).toBe(true);
    const refused = await decrypt('named.bin');
    expect(refused.stderr).toContain('named.bin: its name does not say what to call the result: give -o');
    expect(refused.code).toBe(1);
    await succeed(decrypt('named.bin', '-o', 'opened'));
    expect(readFileSync(path('opened'), 'utf8')).toBe('alpha\n');
  });

  test('work from remotes and to them', async () => {
    await rclone(['copy', 'job', 'secret:raw']);
    await succeed(encrypt('secret:raw', '-o', 'secret:dropped', '--transfers', '2'));
    const { stdout } = await rclone(['lsf', '-R', '--files-only', 'secret:dropped']);
    expect(stdout.split('\n').filter(Boolean).sort()).toEqual([...sealedTree].sort());
    await succeed(decrypt('secret:dropped', '-o', 'back'));
    expect(readTree(path('back'))).toEqual(tree);
    await succeed(decrypt('secret:dropped/a.txt.c4gh', '-o', 'secret:opened/a'));
    expect((await rclone(['cat', 'secret:opened/a'])).stdout).toBe('alpha\n');
  });

  test('are for each of several people, whose keys are files or given as they are', async () => {
    const key = readFileSync(path('bob.pub'), 'utf8').split('\n')[1] ?? '';
    await succeed(encrypt('job/sub/b.txt', '--to', key, '--to', 'bob.pub', '-o', 'two'));
    for (const name of ['plain.sec', 'bob.sec']) {
      await succeed(decrypt('--key', name, 'two', '-o', `by-${name}`));
      expect(readFileSync(path(`by-${name}`), 'utf8')).toBe(tree['sub/b.txt']);
    }
    expect(readFileSync(path('two')).readUInt32LE(12)).toBe(2);
    requirePeer('nacl');
    const { secret } = await vectorKey('bob', 'bob');
    const opened = await run('/usr/bin/python3', [peer, 'open', Buffer.from(secret).toString('hex')], {
      input: readFileSync(path('two')),
    });
    expect(opened.stdout, opened.stderr).toBe(tree['sub/b.txt']);
  });

  test('do not take - for a file: standard output is for crypt4gh', async () => {
    for (const refused of [await encrypt('job/a.txt', '-o', '-'), await decrypt('job/a.txt', '-o', '-')]) {
      expect(refused.stderr).toContain('for standard output there is `coffer crypt4gh`');
      expect(refused.code).toBe(1);
    }
    expect(readdirSync(folder)).not.toContain('-');
  });

  test('leave a target alone, unless they are told otherwise', async () => {
    await succeed(encrypt('job', '-o', 'out'));
    const before = readFileSync(path('out/a.txt.c4gh'));
    rmSync(path('out/empty.c4gh'));
    const refused = await encrypt('job', '-o', 'out');
    expect(refused.stderr).toContain(`${path('out/a.txt.c4gh')} exists already: --force replaces it`);
    expect(refused.code).toBe(6);
    expect(readFileSync(path('out/a.txt.c4gh')).equals(before)).toBe(true);
    rmSync(path('out/empty.c4gh'));
    await succeed(encrypt('job', '-o', 'out', '--ignore-existing'));
    expect(existsSync(path('out/empty.c4gh'))).toBe(true);
    expect(readFileSync(path('out/a.txt.c4gh')).equals(before)).toBe(true);
    await succeed(encrypt('job', '-o', 'out', '--force'));
    expect(readFileSync(path('out/a.txt.c4gh')).equals(before)).toBe(false);
  });

  test('pass over, in a folder, what is encrypted already and what is not', async () => {
    await succeed(encrypt('job'));
    rmSync(path('job/a.txt.c4gh'));
    expect(await succeed(encrypt('job', '--ignore-existing'))).toContain('3 files with .c4gh skipped');
    expect(existsSync(path('job/empty.c4gh.c4gh'))).toBe(false);
    expect(await succeed(decrypt('job', '-o', 'back'))).toContain('4 files without .c4gh skipped');
    expect(readTree(path('back'))).toEqual(tree);
  });

  test('keep to the filters, and write nothing in a trial run', async () => {
    expect(await succeed(encrypt('job', '-o', 'out', '-n', '--manifest', 'm'))).toContain(
      'Skipped encrypt as --dry-run',
    );
    expect(existsSync(path('out')) || existsSync(path('m'))).toBe(false);
    await succeed(encrypt('job', '-o', 'out', '--include', '*.txt'));
    expect(Object.keys(readTree(path('out')))).not.toContain('empty.c4gh');
  });

  test('show progress', async () => {
    const { stdout } = await encrypt('job', '-P');
    expect(stdout).toMatch(/Transferred: +4 \/ 4, 100%/);
    expect(stdout).toMatch(/195\.324 KiB \/ 195\.324 KiB, 100%/);
  });

  test('leave nothing behind when Ctrl-C stops them', async () => {
    const name = 'big';
    writeFileSync(path(name), '');
    truncateSync(path(name), 1 << 30);
    mkdirSync(path('out'));
    const words = [programPath, 'encrypt', name, '-o', 'out/', '--to', 'plain.pub', '--manifest', 'm'];
    const env = { ...peerEnvironment(), RCLONE_CONFIG: path('rclone.conf') };
    const child = spawn(process.execPath, words, { cwd: folder, env, stdio: 'ignore' });
    const exit = once(child, 'exit');
    while (readdirSync(path('out')).length === 0 && child.exitCode === null) await sleep(2);
    child.kill('SIGINT');
    const [code] = await exit;
    expect(code).toBe(130);
    expect(readdirSync(path('out'))).toEqual([]);
    expect(existsSync(path('m'))).toBe(false);
  });
});

describe('nothing is written', () => {
  test.for([
    ['without a recipient', ['encrypt', 'job', '-o', 'out'], 'say who may open it'],
    [
      'where one of two recipients is missing',
      ['encrypt', 'job', '-o', 'out', '--to', 'plain.pub', '--to', 'no.pub'],
      'no.pub',
    ],
    [
      'to a place inside what is read',
      ['encrypt', 'job', '-o', 'job/out', '--to', 'plain.pub'],
      'lies in a folder that is read',
    ],
    [
      'where a folder is to become a file',
      ['encrypt', 'job', '-o', 'plain.pub', '--to', 'plain.pub'],
      'is a file not a directory',
    ],
    [
      'for a source that is missing',
      ['encrypt', 'no-such', '-o', 'out', '--to', 'plain.pub'],
      'there is no file or folder no-such',
    ],
    ['without a secret key', ['decrypt', 'job', '--key', 'no.sec', '-o', 'out'], 'there is no key file'],
    [
      'by a manifest of some files only',
      ['encrypt', 'job', '-o', 'out', '--to', 'plain.pub', '--manifest', 'm', '--ignore-existing'],
      'leave out',
    ],
  ] as const)('%s', async ([, args, message]) => {
    const { code, stderr } = await coffer(args);
    expect(stderr).toContain(message);
    expect(code).not.toBe(0);
    expect(existsSync(path('out')) || existsSync(path('job/out'))).toBe(false);
  });

  test('of a file that is corrupt, while the others go on', async () => {
    await succeed(encrypt('job', '-o', 'out'));
    const sealed = readFileSync(path('out/sub/b.txt.c4gh'));
    const at = sizeOfHeader + chunk + 500;
    sealed.writeUInt8(sealed.readUInt8(at) ^ 4, at);
    writeFileSync(path('out/sub/b.txt.c4gh'), sealed);
    const { code, stderr } = await decrypt('out', '-o', 'back');
    expect(stderr).toContain('cannot open chunk 1 of sub/b.txt.c4gh: corrupt data (its plain bytes 65536 to 131071)');
    expect(code).toBe(1);
    const { 'sub/b.txt': _, ...others } = tree;
    expect(readTree(path('back'))).toEqual(others);
  });

  test('of a file that is for somebody else, or no Crypt4GH file', async () => {
    await succeed(coffer(['encrypt', 'job/a.txt', '--to', 'alice.pub']));
    writeFileSync(path('job/empty.c4gh'), 'no such file');
    const { code, stderr } = await decrypt('job', '-o', 'back');
    expect(code).toBe(1);
    expect(stderr).toContain('a.txt.c4gh: not sealed to your key (SHA256:');
    expect(stderr).toContain('its one header packet is for others');
    expect(stderr).toContain('empty.c4gh: not a Crypt4GH file');
    expect(existsSync(path('back'))).toBe(false);
  });
});

test('a name that would lead out of the target is refused, and the others go on', async () => {
  await succeed(encrypt('job/a.txt', '-o', 'job/sub/ok.c4gh'));
  for (const name of ['...c4gh', '..c4gh']) copyFileSync(path('job/sub/ok.c4gh'), path(`job/sub/${name}`));
  const { code, stderr } = await decrypt('job/sub', '-o', 'x/y');
  expect(stderr).toContain('is not a safe path');
  expect(code).toBe(1);
  expect(readTree(path('x'))).toEqual({ 'y/ok': 'alpha\n' });
});

describe('a manifest', () => {
  const sealed = 'out/sub/b.txt.c4gh';
  const check = (...args: string[]) => decrypt('out', '-o', 'back', '--manifest', 'm.c4gh', ...args);
  /** Puts the chunks of the file in this order. */
  const arrange = (order: readonly number[]): void => {
    const bytes = readFileSync(path(sealed));
    const at = (index: number) => sizeOfHeader + index * chunk;
    const chunks = order.map((index) => bytes.subarray(at(index), at(index + 1)));
    writeFileSync(path(sealed), Buffer.concat([bytes.subarray(0, sizeOfHeader), ...chunks]));
  };

  beforeEach(async () => {
    await succeed(encrypt('job', '-o', 'out', '--manifest', 'm.c4gh', '--key', 'bob.sec'));
  });

  test('says that all is there, and what was there', async () => {
    expect(await succeed(check('--from', 'bob.pub'))).toContain('All files match the manifest of 20');
    expect(readTree(path('back'))).toEqual(tree);
    const { stdout } = await coffer(['crypt4gh', 'decrypt'], { env: own, input: readFileSync(path('m.c4gh')) });
    const names = JSON.parse(stdout).files.map(({ name }: { name: string }) => name);
    expect(names.sort()).toEqual(Object.keys(tree).sort());
  });

  test.for([
    ['cut', [0, 1], 'it has 131072 bytes instead of 200000'],
    ['put in another order', [1, 0, 2, 3], 'its bytes are others, or in another order'],
    ['given a chunk twice', [0, 0, 2, 3], 'its bytes are others, or in another order'],
  ] as const)('finds a file that was %s, which the format can not', async ([, order, message]) => {
    arrange(order);
    await succeed(decrypt('out', '-o', 'unchecked'));
    const { code, stderr } = await check();
    expect(stderr).toContain(`sub/b.txt.c4gh: not what the manifest says: ${message}`);
    expect(code).toBe(1);
    const { 'sub/b.txt': _, ...others } = tree;
    expect(readTree(path('back'))).toEqual(others);
  });

  test('finds files that changed places, are missing, or were added', async () => {
    renameSync(path('out/a.txt.c4gh'), path('out/swap'));
    renameSync(path('out/sub/deep/ä c.txt.c4gh'), path('out/a.txt.c4gh'));
    renameSync(path('out/swap'), path('out/sub/deep/ä c.txt.c4gh'));
    rmSync(path('out/empty.c4gh'));
    copyFileSync(path(sealed), path('out/new.c4gh'));
    const { code, stderr } = await check();
    expect(code).not.toBe(0);
    const told = messages(stderr).filter((line) => line.startsWith('ERROR'));
    expect(told.map((line) => line.replace(/^ERROR : /, '')).sort()).toEqual([
      expect.stringMatching(/^a\.txt\.c4gh: Failed to decrypt: .* its bytes are others/),
      expect.stringMatching(/^empty: Missing: empty is in the manifest m\.c4gh/),
      expect.stringMatching(/^new\.c4gh: Failed to decrypt: new is not in the manifest/),
      expect.stringMatching(/^sub\/deep\/ä c\.txt\.c4gh: Failed to decrypt: .* its bytes are others/),
    ]);
    expect(readTree(path('back'))).toEqual({ 'sub/b.txt': tree['sub/b.txt'], 'sub/deep/': '' });
  });

  test('is held to what the filters let through', async () => {
    expect(await succeed(check('--include', 'sub/**'))).toMatch(
      /NOTICE: 2 of 4 files compared with the manifest of 20/,
    );
    expect(Object.keys(readTree(path('back')))).toEqual(['sub/b.txt', 'sub/deep/ä c.txt']);
  });

  test('is not said to match where a filter leaves out all files', async () => {
    const said = await succeed(check('--include', '*.txt'));
    expect(said).toContain('0 of 4 files compared with the manifest of 20');
    expect(said).not.toContain('All files match');
  });

  test.for([
    ['--max-age', '1h'],
    ['--min-age', '1h'],
    ['--max-size', '100b'],
    ['--min-size', '1M'],
    ['--include', '*.c4gh'],
  ])('tells of what is missing, and not of what is there, under %s %s', async (filter) => {
    utimesSync(path('out/a.txt.c4gh'), 1e9, 1e9);
    rmSync(path('out/empty.c4gh'));
    const { code, stderr } = await check(...filter);
    const told = messages(stderr).filter((line) => line.startsWith('ERROR'));
    expect(told).toEqual([expect.stringMatching(/^ERROR : empty: Missing: empty is in the manifest m\.c4gh/)]);
    expect(code).toBe(4);
  });

  test('is silent of what a filter leaves out by its name, by that which it has in the folder', async () => {
    rmSync(path('out/empty.c4gh'));
    await succeed(check('--exclude', '/empty.c4gh'));
    expect(Object.keys(readTree(path('back')))).toContain('a.txt');
  });

  test('still fits files that were opened to more people', async () => {
    const reencrypt = `'${process.execPath}' '${programPath}' crypt4gh reencrypt --recipient_pk plain.pub --recipient_pk alice.pub`;
    await succeed(run('bash', ['-c', `${reencrypt} < ${sealed} > b && mv b ${sealed}`], { cwd: folder, env: own }));
    await succeed(check());
  });

  test('may lie among its files', async () => {
    renameSync(path('m.c4gh'), path('out/m.c4gh'));
    await succeed(decrypt('out', '-o', 'back', '--manifest', 'out/m.c4gh'));
    expect(readTree(path('back'))).toEqual(tree);
  });

  test('of another sender is refused, as are files', async () => {
    const refused = await check('--from', 'alice.pub');
    expect(refused.stderr).toContain('m.c4gh: not sealed to your key');
    expect(refused.code).toBe(1);
    await succeed(coffer(['encrypt', 'job/a.txt', '--to', 'plain.pub', '-o', 'out/a.txt.c4gh', '--force']));
    const { stderr } = await check('--from', 'bob.pub');
    expect(stderr).toContain('a.txt.c4gh: not sealed to your key');
    expect(readTree(path('back'))).not.toHaveProperty('a.txt');
  });

  test('is not replaced, and not written where a file failed', async () => {
    const again = await encrypt('job', '-o', 'elsewhere', '--manifest', 'm.c4gh');
    expect(again.code).toBe(6);
    expect(existsSync(path('elsewhere'))).toBe(false);
    const failed = await encrypt('job', '-o', 'out', '--manifest', 'other.c4gh');
    expect(failed.stderr).toContain('other.c4gh: not written, as not all files could be encrypted');
    expect(existsSync(path('other.c4gh'))).toBe(false);
  });
});
