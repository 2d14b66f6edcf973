import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { reveal } from '../../src/config/obscure.ts';
import { createBench } from './run.ts';

const bench = createBench('config');
const { coffer, rclone, same } = bench;

const foreign = `[drive]
type = drive
client_secret = hush
token = {"access_token":"ya29.a=b","expiry":"2026-01-01"}

[a.b]
type = alias
remote = <&>

[10]
type = memory

[9]
type = swift
user = me
key = hush
region = north
`;

/** A config file of its own, with the arguments that name it. */
function configFile(name: string, text: string): { path: string; at: readonly string[] } {
  const path = bench.path(name);
  writeFileSync(path, text, { mode: 0o600 });
  return { path, at: ['--config', path] };
}

describe('as with rclone', () => {
  test.each([
    [['show', 'secret']],
    [['show', 'store:']],
    [['dump']],
    [['file']],
    [['touch']],
    [['password', 'secret']],
    [['reconnect', 'secret:']],
    [['disconnect', 'store:']],
    [['userinfo', 'secret:']],
    [['userinfo', 'nope:']],
    [['password', 'nope', 'password', 'x']],
    [['password', 'secret', 'password']],
    [['show', 'a', 'b']],
  ])('config %j', async ([...args]) => {
    await same(['config', ...args]);
  });

  test.each(['userinfo', 'disconnect'])(
    'config %s says what it is that knows no logins, a local folder too',
    async (name) => {
      expect((await coffer(['config', name, '/tmp'])).stderr).toMatch(
        /: local doesn't support (UserInfo|Disconnect)\n/,
      );
    },
  );

  test('config show of a file that rclone wrote', async () => {
    const { at } = configFile('written.conf', `# mine\n${foreign}`);
    await rclone(['config', 'touch', ...at]);
    expect((await coffer(['config', 'show', ...at])).stdout).toBe((await rclone(['config', 'show', ...at])).stdout);
  });

  test('config delete removes a remote, and one that is not there is no error', async () => {
    const [ours, theirs] = ['ours.conf', 'theirs.conf'].map((name) => configFile(name, foreign));
    if (!ours || !theirs) throw new Error('two files were made');
    for (const name of ['a.b', 'nope']) {
      expect((await coffer(['config', 'delete', name, ...ours.at])).code).toBe(0);
      expect((await rclone(['config', 'delete', name, ...theirs.at])).code).toBe(0);
    }
    expect(readFileSync(ours.path, 'utf8')).toBe(readFileSync(theirs.path, 'utf8').replace(/\n$/, ''));
  });

  test('config dump of remotes of types, names and values that need care', async () => {
    await same(['config', 'dump', ...configFile('foreign.conf', `${foreign}\n[z]\nx = \u2028 "\\ \u0007\n`).at]);
    await same(['config', 'dump', ...configFile('empty.conf', '').at]);
  });
});

test('config show prints the file as it is, comments and all', async () => {
  const text = '# mine\n\n\n[a]\nx=1\n';
  expect((await coffer(['config', 'show', ...configFile('show.conf', text).at])).stdout).toBe(text);
  expect((await coffer(['config', 'show', ...configFile('show.conf', '').at])).stdout).toBe('; empty config\n');
});

test('config redacted hides passwords, keys and logins, and all of what it does not know', async () => {
  const { at } = configFile('redacted.conf', foreign);
  const { stdout } = await coffer(['config', 'redacted', ...at]);
  expect(stdout).toBe(`[10]
type = memory

[9]
type = swift
user = XXX
key = XXX
region = north

[a.b]
type = alias
remote = <&>

[drive]
type = drive
client_secret = XXX
token = XXX
### Double check the config for sensitive info before posting publicly
`);
  expect((await coffer(['config', 'redacted', 'secret:'])).stdout).toMatch(/password = XXX\npassword2 = XXX\n###/);
});

test('config password obscures what it sets', async () => {
  const { path, at } = configFile('password.conf', '[s]\ntype = crypt\n');
  const { stdout, stderr } = await coffer(['config', 'password', 's', 'password', 'pass word', 'password2=a=b', ...at]);
  expect(stdout + stderr).not.toMatch(/pass word|a=b/);
  const values = [...readFileSync(path, 'utf8').matchAll(/^password2? = (.*)$/gm)].map(([, value = '']) =>
    reveal(value),
  );
  expect(values).toEqual(['pass word', 'a=b']);
});

test("config providers describes our types in rclone's shape", async () => {
  type Provider = Readonly<Record<string, unknown>> & { readonly Name: string; readonly Options: readonly object[] };
  const [ours, theirs] = await Promise.all([coffer, rclone].map((program) => program(['config', 'providers'])));
  const [mine, all]: Provider[][] = [ours, theirs].map((result) => JSON.parse(result?.stdout ?? ''));
  expect(mine?.map(({ Name }) => Name)).toEqual(expect.arrayContaining(['alias', 'crypt', 'local', 's3', 'swift']));
  for (const provider of mine ?? []) {
    // rclone has no type crypt4gh: it takes the shape of its crypt.
    const peer = all?.find(({ Name }) => Name === (provider.Name === 'crypt4gh' ? 'crypt' : provider.Name));
    expect(Object.keys(provider)).toEqual(Object.keys(peer ?? {}));
    const keysOf = (options: readonly object[]) => new Set(options.flatMap((option) => Object.keys(option)));
    expect(keysOf(peer?.Options ?? [])).toEqual(new Set([...keysOf(peer?.Options ?? []), ...keysOf(provider.Options)]));
  }
});

describe('config file and touch', () => {
  test('name and make a file that is not there yet', async () => {
    const at = ['--config', bench.path('made/rclone.conf')];
    const before = await coffer(['config', 'file', ...at]);
    expect(before.stdout).toBe(`Configuration file doesn't exist, but coffer will use this path:\n${at[1]}\n`);
    expect((await coffer(['config', 'touch', ...at])).code).toBe(0);
    expect(existsSync(bench.path('made/rclone.conf'))).toBe(true);
    expect((await coffer(['config', 'paths', ...at])).stdout).toContain(`Config file: ${at[1]}\n`);
  });

  test('know a config in memory', async () => {
    expect((await coffer(['config', 'file', '--config', ''])).stdout).toBe('Configuration is in memory only\n');
    const { code, stderr } = await coffer(['config', 'touch', '--config', '']);
    expect(code).toBe(1);
    expect(stderr).toContain('in memory only');
  });
});

describe('config encryption', () => {
  const answers = (password: string, again = password): string => `${password}\n${again}\n`;
  const env = { RCLONE_CONFIG_PASS: 'correct horse' };

  test('set, check and remove seal, test and open a file that rclone reads', async () => {
    const { path, at } = configFile('sealed.conf', foreign);
    expect((await coffer(['config', 'encryption', 'check', ...at])).code).toBe(1);
    const set = await coffer(['config', 'encryption', 'set', ...at], { input: answers('correct horse') });
    expect(set.stderr).toContain('Enter NEW configuration password:\npassword:');
    expect(set.code).toBe(0);
    expect((await rclone(['listremotes', ...at], { env })).stdout).toContain('drive:\n');
    expect((await coffer(['config', 'encryption', 'check', ...at], { env })).code).toBe(0);
    const wrong = await coffer(['config', 'encryption', 'check', '--ask-password=false', ...at], {
      env: { RCLONE_CONFIG_PASS: 'wrong' },
    });
    expect(wrong.stderr).toContain(`${path}: cannot decrypt the config: the password in RCLONE_CONFIG_PASS is wrong`);
    expect(wrong.code).toBe(1);
    expect((await coffer(['config', 'encryption', 'remove', ...at], { env })).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(foreign);
    expect((await coffer(['config', 'encryption', 'remove', ...at])).code).toBe(0);
  });

  test('set asks again until both are the same', async () => {
    const { at } = configFile('twice.conf', foreign);
    const input = answers('correct horse', 'battery') + answers('correct horse');
    const { stdout, code } = await coffer(['config', 'encryption', 'set', ...at], { input });
    expect(stdout).toContain('Passwords do not match!');
    expect(code).toBe(0);
    expect((await rclone(['listremotes', ...at], { env })).code).toBe(0);
  });

  test('set gives up, and leaves the file, when the input ends', async () => {
    const { path, at } = configFile('ends.conf', foreign);
    expect((await coffer(['config', 'encryption', 'set', ...at], { input: 'once\n' })).code).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(foreign);
  });

  test('set --kdf scrypt makes a form that stays until another is asked for', async () => {
    const { path, at } = configFile('kdf.conf', foreign);
    const marker = () => /^RCLONE_ENCRYPT_.*$/m.exec(readFileSync(path, 'utf8'))?.[0];
    const set = (...args: string[]) =>
      coffer(['config', 'encryption', 'set', ...args, ...at], { env, input: answers('correct horse') });
    expect((await set('--kdf', 'scrypt')).code).toBe(0);
    expect(marker()).toBe('RCLONE_ENCRYPT_VCOFFER1:');
    expect((await set()).code).toBe(0);
    expect(marker()).toBe('RCLONE_ENCRYPT_VCOFFER1:');
    expect((await coffer(['listremotes', ...at], { env })).stdout).toContain('drive:\n');
    expect((await set('--kdf=rclone')).code).toBe(0);
    expect(marker()).toBe('RCLONE_ENCRYPT_V0:');
    expect((await set('--kdf=md5')).stderr).toContain('unknown --kdf "md5": give rclone or scrypt');
  });

  test('set takes the old password and the new one from the password command', async () => {
    const { at } = configFile('command.conf', foreign);
    await coffer(['config', 'encryption', 'set', ...at], { input: answers('old one') });
    const command = bench.path('password.sh');
    writeFileSync(command, '#!/bin/sh\n[ "$RCLONE_PASSWORD_CHANGE" = 1 ] && echo "new one" || echo "old one"\n');
    chmodSync(command, 0o700);
    expect((await coffer(['config', 'encryption', 'set', '--password-command', command, ...at])).code).toBe(0);
    const newOne = { env: { RCLONE_CONFIG_PASS: 'new one' } };
    expect((await rclone(['listremotes', '--ask-password=false', ...at], newOne)).code).toBe(0);
  });

  test('by itself says what it can do', async () => {
    expect((await coffer(['config', 'encryption'])).stdout).toMatch(/ {2}check .*\n {2}remove .*\n {2}set /);
  });
});

test('a config file that cannot be read is left alone by every command that writes', async () => {
  const text = '[a]\ntype = alias\nhunter2\n';
  const { path, at } = configFile('broken.conf', text);
  for (const args of [
    ['delete', 'a'],
    ['password', 'a', 'x', 'y'],
    ['encryption', 'set'],
  ]) {
    const { code, stderr, stdout } = await coffer(['config', ...args, ...at], { input: 'x\nx\n' });
    expect(stderr).toContain(`cannot read config file ${path}, line 3`);
    expect(stderr + stdout).not.toContain('hunter2');
    expect(code).toBe(1);
  }
  expect(readFileSync(path, 'utf8')).toBe(text);
});
