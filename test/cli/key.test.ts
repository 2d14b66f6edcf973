import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/formats/crypt4gh/fingerprint.ts';
import { parsePublicKey, parseSecretKey } from '../../src/formats/crypt4gh/key-file.ts';
import { programPath } from '../program.ts';
import { requirePeer } from '../servers/peers.ts';
import { mustRun, peerEnvironment, run } from '../servers/run.ts';
import { createBench, messages } from './run.ts';

const { path } = createBench('key');
const passphrase = 'pass phrase ä';
let homes = 0;

/** A user who has no key yet. */
function newHome() {
  const home = path(`home${++homes}`);
  mkdirSync(home);
  const own = join(home, '.c4gh');
  const key = join(own, 'key');
  const coffer = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run(process.execPath, [programPath, 'key', ...args], { cwd: home, env: { HOME: home, TZ: 'UTC', ...env } });
  return { home, own, key, coffer, isMade: () => existsSync(key) || existsSync(`${key}.pub`) };
}

/** Runs coffer on a terminal of its own (util-linux's script); types each answer once its question is shown. */
function onTerminal(home: string, args: string, answers: readonly (readonly [question: string, keys: string])[]) {
  const command = `${process.execPath} ${programPath} key ${args}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...peerEnvironment(), HOME: home },
    cwd: home,
  });
  let screen = '';
  let seen = 0;
  const left = [...answers];
  child.stdout.on('data', (piece: Buffer) => {
    screen += piece.toString();
    const [next] = left;
    const at = next ? screen.indexOf(next[0], seen) : -1;
    if (!next || at < 0) return;
    seen = at + next[0].length;
    left.shift();
    child.stdin.write(next[1]);
  });
  return new Promise<{ screen: string; code: number | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ screen, code }));
  });
}

const open = (file: string, words = passphrase) => parseSecretKey(readFileSync(file), async () => words);

describe('key new', () => {
  test('makes a pair that only its owner can read, and says what to do with it', async () => {
    const { own, key, coffer } = newHome();
    const { code, stdout, stderr } = await coffer(['new', '-C', 'site A'], { C4GH_PASSPHRASE: passphrase });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const pair = await open(key);
    expect(parsePublicKey(readFileSync(`${key}.pub`)).bytes).toEqual(pair.public);
    expect(stdout).toContain(`Public key:  ${key}.pub\nFingerprint: ${fingerprint(pair.public)}\n`);
    expect(stdout).toContain('Send the public key to those who share data with you');
    expect(statSync(key).mode & 0o777).toBe(0o400);
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(readdirSync(own)).toEqual(['key', 'key.pub']);
  });

  test('asks for the passphrase on the terminal until it is the same twice, and shows none of it', async () => {
    const { home, key } = newHome();
    const { screen, code } = await onTerminal(home, 'new', [
      ['Passphrase for your new key:', '\r'],
      ['Passphrase for your new key:', 'one\r'],
      ['The same once more:', 'two\r'],
      ['Passphrase for your new key:', 'hunter2\r'],
      ['The same once more:', 'hunter2\r'],
    ]);
    expect(code, screen).toBe(0);
    expect(screen).toContain('It needs at least one character.');
    expect(screen).toContain('The two differ: try again.');
    expect(screen).not.toMatch(/one\r|two\r|hunter2/);
    await open(key, 'hunter2');
  });

  test('makes nothing when the question is answered by Ctrl-C', async () => {
    const { home, isMade } = newHome();
    const { code } = await onTerminal(home, 'new', [['Passphrase for your new key:', 'hunt\x03']]);
    expect(code).toBe(130);
    expect(isMade()).toBe(false);
  });

  test('puts the keys where it is told', async () => {
    const { home, key, coffer, isMade } = newHome();
    const env = { C4GH_PASSPHRASE: passphrase };
    expect((await coffer(['new', '--key', 'a/my.key'], env)).code).toBe(0);
    expect((await coffer(['new', '--key', 'b.key', '--pub', '~/public'], env)).code).toBe(0);
    const named = { C4GH_SECRET_KEY: '~/c.key', C4GH_PUBLIC_KEY: '~/c.public', ...env };
    expect((await coffer(['new'], named)).code).toBe(0);
    for (const [secret, publicKey] of [
      ['a/my.key', 'a/my.key.pub'],
      ['b.key', 'public'],
      ['c.key', 'c.public'],
    ] as const) {
      const pair = await open(join(home, secret));
      expect(parsePublicKey(readFileSync(join(home, publicKey))).bytes).toEqual(pair.public);
    }
    expect(isMade(), key).toBe(false);
    expect((await coffer(['new', '--key', 'x', '--pub', 'x'], env)).stderr).toContain('cannot hold both keys');
  });

  test('does not replace a key, secret or public, unless it must', async () => {
    const env = { C4GH_PASSPHRASE: passphrase };
    for (const [kept, lost] of [
      ['public', 'key'],
      ['key', 'public'],
    ] as const) {
      const { home, coffer } = newHome();
      const words = ['new', '--key', 'key', '--pub', 'public'];
      await coffer(words, env);
      rmSync(join(home, lost));
      const before = readFileSync(join(home, kept));
      const refused = await coffer(words, env);
      expect(refused.code).toBe(6);
      expect(refused.stderr).toContain(
        `${join(home, kept)} exists already: --force replaces it, but then nothing opens`,
      );
      expect(readdirSync(home)).toEqual([kept]);
      expect(readFileSync(join(home, kept)).equals(before)).toBe(true);
    }
    const { key, coffer } = newHome();
    await coffer(['new'], env);
    const first = await open(key);
    expect((await coffer(['new', '-f'], env)).code).toBe(0);
    expect(await open(key)).not.toEqual(first);
    expect(statSync(key).mode & 0o777).toBe(0o400);
  });

  test('makes nothing in a dry run, and asks for nothing', async () => {
    const { coffer, isMade } = newHome();
    expect(await coffer(['new', '-n'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('--dry-run'),
    });
    expect(isMade()).toBe(false);
  });

  test('leaves a key without a passphrase only when told to', async () => {
    const { key, coffer, isMade } = newHome();
    for (const [args, env] of [
      [['new'], { C4GH_PASSPHRASE: '' }],
      [['new', '--ask-password=false'], {}],
    ] as const) {
      const { code, stderr } = await coffer(args, env);
      expect(code).toBe(1);
      expect(stderr).toContain('--no-passphrase');
      expect(isMade()).toBe(false);
    }
    expect((await coffer(['new', '--no-passphrase'])).code).toBe(0);
    await parseSecretKey(readFileSync(key), () => Promise.reject(new Error('asked')));
  });

  test('leaves nothing behind on a full disk', async () => {
    const { home, own, isMade } = newHome();
    const limited = `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`;
    const words = ['-c', limited, process.execPath, programPath, 'key', 'new', '--no-passphrase'];
    const { code, stderr } = await run('bash', words, { cwd: home, env: { HOME: home } });
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot write ${join(own, 'key')}`);
    expect(isMade()).toBe(false);
    expect(readdirSync(own)).toEqual([]);
  });

  test('makes no secret key where there is no room for the public one, and leaves the old pair', async () => {
    const { home, coffer } = newHome();
    // In a mount namespace of its own: nothing stays mounted whatever happens. A file takes a page.
    const script = `
      mkdir -p disk && mount -t tmpfs -o size=$((4 * $1))k none disk && cp -p .c4gh/* disk
      "$2" "$3" key new --no-passphrase --force --key disk/key; echo $?; ls -A disk; cmp .c4gh/key disk/key && echo same`;
    const onDiskOf = (pages: number) =>
      run('unshare', ['-m', 'sh', '-c', script, 'sh', `${pages}`, process.execPath, programPath], {
        cwd: home,
        env: { HOME: home },
      });
    const { stdout, stderr } = await onDiskOf(1);
    expect(stderr).toContain(`cannot write ${home}/disk/key.pub: ENOSPC`);
    expect(stdout).toBe('1\n');
    await coffer(['new', '--no-passphrase']);
    expect((await onDiskOf(3)).stdout).toBe('1\nkey\nkey.pub\nsame\n');
  });
});

describe('key show', () => {
  beforeAll(() => requirePeer('ssh-keygen'));

  test('shows the own key without its passphrase, as the public one beside it says', async () => {
    const { key, coffer } = newHome();
    await coffer(['new', '-C', 'site\x1b[31m A'], { C4GH_PASSPHRASE: passphrase });
    const { stdout } = await coffer(['show']);
    const { bytes } = parsePublicKey(readFileSync(`${key}.pub`));
    expect(stdout.split('\n')).toEqual([
      key,
      '  Kind:        secret key (Crypt4GH)',
      `  Fingerprint: ${fingerprint(bytes)}`,
      `  Public key:  ${Buffer.from(bytes).toString('base64')} (as key.pub says)`,
      expect.stringMatching(/^ {2}Comment: {5}site[^\x1b]+ A$/),
      '  Passphrase:  yes (scrypt)',
      '',
    ]);
  });

  test('asks for the passphrase where there is no public key, or an empty file of one, and says whose it is when it is wrong', async () => {
    const { home, key, coffer } = newHome();
    await coffer(['new'], { C4GH_PASSPHRASE: 'hunter2' });
    const pem = readFileSync(`${key}.pub`, 'utf8');
    rmSync(`${key}.pub`);
    const { screen } = await onTerminal(home, 'show', [[`Passphrase for ${key}:`, 'hunter2\r']]);
    expect(screen).toContain(fingerprint(parsePublicKey(pem).bytes));
    expect(screen).not.toContain('hunter2');
    expect((await coffer(['show', '--public', key], { C4GH_PASSPHRASE: 'hunter2' })).stdout).toBe(pem);
    writeFileSync(`${key}.pub`, '');
    expect((await coffer(['show', '--public'], { C4GH_PASSPHRASE: 'hunter2' })).stdout).toBe(pem);
    const wrong = await coffer(['show'], { C4GH_PASSPHRASE: 'hunter3' });
    expect(wrong.code).toBe(1);
    expect(messages(wrong.stderr)).toEqual([`Failed to key show: ${key}: the passphrase does not open this key`]);
    const silent = await coffer(['show', '--ask-password=false']);
    expect(silent.stderr).toContain(`${key}: a passphrase protects it: set C4GH_PASSPHRASE`);
  });

  test('shows no control characters that a file has for the name of its key derivation', async () => {
    const { home, coffer } = newHome();
    const file = join(home, 'theirs');
    await mustRun('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '1', '-N', 'secret', '-f', file]);
    const [begin, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
    const bytes = Buffer.from(lines.slice(0, -1).join(''), 'base64');
    bytes.write('\x1b[31mb', bytes.indexOf('bcrypt'));
    writeFileSync(file, `${begin}\n${bytes.toString('base64')}\n${lines.at(-1)}\n`);
    const { stdout } = await coffer(['show', file]);
    expect(stdout).toContain('Passphrase:  yes (\\x1b[31mb)');
  });

  test('takes keys of OpenSSH, secret and public, and several files', async () => {
    const { home, coffer } = newHome();
    const file = join(home, 'id_ed25519');
    await mustRun('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '1', '-N', 'secret', '-C', 'me@site', '-f', file]);
    const { stdout } = await coffer(['show', '~/id_ed25519', '~/id_ed25519.pub']);
    const { bytes } = parsePublicKey(readFileSync(`${file}.pub`));
    expect(stdout.split(fingerprint(bytes))).toHaveLength(3);
    expect(stdout).toContain('Kind:        secret key (OpenSSH)');
    expect(stdout).toContain('Passphrase:  yes (bcrypt)');
    expect(stdout).toContain('Kind:        public key\n');
    expect(stdout).toContain('Comment:     me@site\n');
    const converted = await coffer(['show', '--public', file]);
    expect(parsePublicKey(converted.stdout).bytes).toEqual(bytes);
  });

  test('warns when others can read a secret key', async () => {
    const { key, coffer } = newHome();
    await coffer(['new', '--no-passphrase']);
    chmodSync(key, 0o444);
    const { stderr, code } = await coffer(['show']);
    expect(code).toBe(0);
    expect(stderr).toContain(`${key}: others on this machine can read your secret key: chmod 400 fixes that`);
  });

  test('does not take a public key for a secret one that others can read', async () => {
    const { home, coffer } = newHome();
    await coffer(['new', '--no-passphrase']);
    const { stderr } = await coffer(['show', '--public', join(home, '.c4gh/key.pub')]);
    expect(stderr).toBe('');
  });

  test.for([
    ['missing', null, 'there is no key file'],
    ['text', 'hello', 'not a public key of Crypt4GH or OpenSSH'],
    ['rsa', '-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n', 'not a secret key of Crypt4GH'],
    [
      'cut',
      '-----BEGIN CRYPT4GH PRIVATE KEY-----\nYzRnaC12MQAG\n-----END CRYPT4GH PRIVATE KEY-----\n',
      'the key is cut',
    ],
  ] as const)('refuses a file that holds no key, by name: %s', async ([name, content, message]) => {
    const { home, coffer } = newHome();
    if (content !== null) writeFileSync(join(home, name), content);
    const { code, stderr, stdout } = await coffer(['show', name]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(name);
    expect(stderr).toContain(message);
  });

  test('says how to make a key where there is none', async () => {
    const { code, stderr } = await newHome().coffer(['show']);
    expect(code).toBe(1);
    expect(stderr).toContain('name another, or make one with `coffer key new`');
  });
});
