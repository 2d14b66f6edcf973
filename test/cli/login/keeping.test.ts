import { mkdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, inject, test } from 'vitest';
import { openConfigFile } from '../../../src/config/config-file.ts';
import { silentReport } from '../../../src/core/report.ts';
import { programPath } from '../../program.ts';
import { requirePeer } from '../../servers/peers.ts';
import { type Result, run } from '../../servers/run.ts';
import { createBench } from '../run.ts';
import { createSite, type Site } from './site.ts';

const { keystone } = inject('lab');
const bench = createBench('login-keeping');
let site: Site;
beforeAll(async () => {
  requirePeer('keyring');
  site = await createSite(keystone);
});

const login = (...more: string[]): string[] => [
  ...['login', 'lab', '--auth-url', site.url, '-u', site.user, '-p', site.projects[0].name, '--region', 'rgw'],
  ...more,
];

/** Runs a script beside an unlocked keyring of its own; `coffer` in it is the program. */
function withKeyring(script: string, env: Record<string, string>): Promise<Result> {
  for (const name of ['home', 'runtime']) mkdirSync(bench.path(name), { recursive: true, mode: 0o700 });
  const setUp = `coffer() { "$NODE" "$PROGRAM" "$@"; }
printf keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
${script}`;
  return run('dbus-run-session', ['--', 'bash', '-c', setUp], {
    env: {
      HOME: bench.path('home'),
      XDG_RUNTIME_DIR: bench.path('runtime'),
      NODE: process.execPath,
      PROGRAM: programPath,
      ...env,
    },
  });
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');

test('a password in the keyring renews the login without a question, until the logout', async () => {
  const file = bench.path('keyring.conf');
  const script = `
echo "$PASSWORD" | coffer ${quoted(login('-k'))} && echo in
coffer login --renew lab </dev/null && echo renewed
secret-tool lookup application coffer user '${site.user}' | grep -qxF "$PASSWORD" && echo kept
coffer login --logout lab && echo out
coffer login --renew lab </dev/null || echo gone
`;
  const { stdout, stderr } = await withKeyring(script, { RCLONE_CONFIG: file, PASSWORD: site.password });
  expect(
    stdout.split('\n').filter((line) => /^[a-z]+$/.test(line)),
    stderr,
  ).toEqual(['in', 'renewed', 'kept', 'out', 'gone']);
  expect(stdout).toContain('; the password is in the keyring\n');
  expect(readFileSync(file, 'utf8')).not.toContain('key =');
});

test('a password that has changed is asked for and takes the place of the old one', async () => {
  const script = `
echo "$PASSWORD" | coffer ${quoted(login('-k'))} >/dev/null
echo old | secret-tool store --label=x application coffer auth '${site.url}' user '${site.user}' domain Default
echo "$PASSWORD" | coffer login --renew lab && echo renewed
secret-tool lookup application coffer user '${site.user}' | grep -qxF "$PASSWORD" && echo kept
`;
  const { stdout, stderr } = await withKeyring(script, {
    RCLONE_CONFIG: bench.path('changed.conf'),
    PASSWORD: site.password,
  });
  expect(stdout, stderr).toMatch(/renewed\nkept\n$/);
  expect(stderr).toContain('the password in the keyring is not accepted');
});

test('without a keyring a plain config keeps no password', async () => {
  const env = {
    RCLONE_CONFIG: bench.path('plain.conf'),
    OS_PASSWORD: site.password,
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
  };
  const { code, stderr } = await bench.coffer(login('-k'), { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(/cannot keep the password: no keyring .*coffer config encryption set/s);
  expect(() => readFileSync(env.RCLONE_CONFIG)).toThrow('ENOENT');
});

test('without a keyring a sealed config keeps it, so that both programs log in by themselves', async () => {
  const file = bench.path('sealed.conf');
  const request = {
    passwordCommand: undefined,
    prompt: null,
    environment: { RCLONE_CONFIG_PASS: 'pass' },
    report: silentReport,
  };
  const config = openConfigFile({ path: file, ...request });
  await config.seal({ password: 'pass', kdf: 'rclone' });
  const env = { RCLONE_CONFIG: file, RCLONE_CONFIG_PASS: 'pass', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
  const done = await bench.coffer(login('-k'), { env: { ...env, OS_PASSWORD: site.password } });
  expect(done.stdout, done.stderr).toContain('logs in by itself with the password in the config');
  expect(await config.isSealed()).toBe(true);
  const section = (await openConfigFile({ path: file, ...request }).read()).section('lab');
  expect(section?.get('key')).toBe(site.password);
  // rclone would go on using a token that has ended.
  expect(section?.has('auth_token')).toBe(false);
  for (const program of [bench.coffer, bench.rclone])
    expect(await program(['lsd', 'lab:'], { env })).toMatchObject({ code: 0 });
  expect(await bench.coffer(['login', '--show', 'lab'], { env })).toMatchObject({ code: 0 });
  expect(await bench.coffer(['login', '--renew', 'lab'], { env })).toMatchObject({ code: 0 });
});
