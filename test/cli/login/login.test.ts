import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { programPath } from '../../program.ts';
import { mustRun, run } from '../../servers/run.ts';
import { createBench } from '../run.ts';
import { createSite, type Site } from './site.ts';

const { keystone } = inject('lab');
const bench = createBench('login');
let site: Site;
beforeAll(async () => {
  site = await createSite(keystone);
});

/** A config of the test's own, with both programs working on it. */
function withConfig(name: string, text: string | null = null) {
  const file = bench.path(`${name}.conf`);
  if (text !== null) writeFileSync(file, text, { mode: 0o600 });
  const env = { RCLONE_CONFIG: file };
  return {
    file,
    env,
    text: () => readFileSync(file, 'utf8'),
    coffer: (args: readonly string[], input = '') => bench.coffer(args, { env, input }),
    rclone: (args: readonly string[]) => bench.rclone(args, { env }),
    /** Logs in as the site's user, who types the password. */
    login: (...args: string[]) =>
      bench.coffer(['login', 'lab', '--auth-url', site.url, '-u', site.user, ...args], {
        env,
        input: `${site.password}\n`,
      }),
  };
}

const valueIn = (text: string, key: string): string => new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1] ?? '';

describe.for(['swift', 'rgw'] as const)('after a login to the region %s', (region) => {
  test('coffer and rclone reach the chosen project by Swift and by S3', async () => {
    const { file, text, coffer, rclone, login } = withConfig(`both-${region}`);
    const [, project] = site.projects;
    const done = await login('-p', project.name, '-m', 'both', '--region', region);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toMatch(new RegExp(`lab: ${site.user} in ${project.name}, valid until .*min`));
    expect(done.stderr).not.toContain('first try');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(text()).not.toContain(site.password);

    const bucket = `login-${region}-${project.name}`;
    expect(await rclone(['mkdir', `lab:${bucket}`])).toMatchObject({ code: 0 });
    for (const remote of ['lab:', 's3lab:']) {
      for (const program of [coffer, rclone]) {
        const listed = await program(['lsf', remote]);
        expect(listed.stdout, listed.stderr).toBe(`${bucket}/\n`);
      }
    }
  });
});

test('a login that is written lasts where the words about it have nowhere to go', async () => {
  const { env, coffer } = withConfig('full');
  const words = ['login', 'lab', '--auth-url', site.url, '-u', site.user, '-p', site.projects[0].name];
  const command = [process.execPath, programPath, ...words, '--region', 'rgw'].map((word) => `'${word}'`).join(' ');
  const told = await run('sh', ['-c', `${command} >/dev/full`], { env: { ...env, OS_PASSWORD: site.password } });
  expect(told, told.stderr).toMatchObject({ code: 7 });
  expect(await coffer(['lsd', 'lab:'])).toMatchObject({ code: 0 });
});

test('a second login uses the keys that there are, and leaves what is not of a login', async () => {
  const { text, login } = withConfig(
    'second',
    '# mine\n[lab]\nchunk_size = 1Gi\n\ntype = swift\n; and this\n\n[other]\ntype = local\n\n[s3lab]\ntype = s3\nprovider = Ceph\nacl = public-read\nendpoint = http://127.0.0.1:1\nregion = here\n',
  );
  const [project] = site.projects;
  expect(await login('-p', project.name, '-m', 'both', '--region', 'rgw')).toMatchObject({ code: 0 });
  const first = text();
  const made = valueIn(first, 'access_key_id');
  expect(await site.accessKeys()).toContain(made);
  for (const kept of ['# mine\n[lab]\nchunk_size = 1Gi\n\ntype = swift\n', '; and this\n', '[other]\ntype = local\n']) {
    expect(first).toContain(kept);
  }
  expect(first).toContain('provider = Ceph\nacl = public-read\nendpoint = http://127.0.0.1:1\nregion = here\n');

  expect(await login('-p', project.id, '-m', 'S3')).toMatchObject({ code: 0 });
  expect(text()).toBe(first);
  expect((await site.accessKeys()).filter((key) => key === made)).toHaveLength(1);
});

test('the user, the password and the number of the project can come through a pipe', async () => {
  const { coffer, text } = withConfig('pipe');
  const args = ['login', 'lab', '--auth-url', site.url, '--region', 'rgw'];
  const done = await coffer(args, `${site.user}\n${site.password}\n2\n`);
  expect(done.stderr).toContain(` 1 > ${site.projects[0].name}\n 2 > ${site.projects[1].name}\n`);
  expect(done.code, done.stderr).toBe(0);
  expect(valueIn(text(), 'tenant')).toBe(site.projects[1].name);
});

test('the only project is taken, and a user may be of another domain', async () => {
  const { coffer, text } = withConfig('alice');
  const args = ['login', 'lab', '--auth-url', keystone.url, '--region', 'rgw'];
  expect(await coffer([...args, '-u', 'alice'], 'alicepw\n')).toMatchObject({ code: 0 });
  expect(valueIn(text(), 'tenant')).toBe('project_2000001');
  const carol = ['-u', 'carol', '--user-domain', 'users', '-p', 'project_2000002', '--project-domain', 'Default'];
  const done = await coffer([...args, ...carol, '--user-password-command', 'echo carolpw']);
  expect(done.stdout, done.stderr).toContain('lab: carol (domain users) in project_2000002, valid until');
  expect(text()).toContain('user = carol\ndomain = users\ntenant = project_2000002\ntenant_domain = Default\n');
});

describe('the login that there is', () => {
  test('is shown, and renewed with the password alone once it has ended', async () => {
    const { file, text, env, coffer, rclone, login } = withConfig('renew');
    const [project] = site.projects;
    expect(await login('-p', project.name, '--region', 'rgw')).toMatchObject({ code: 0 });
    const shown = await coffer(['login', '--show', 'lab']);
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toContain(
      `user     ${site.user} (domain Default)\nproject  ${project.name} (domain Default), id ${project.id}\n`,
    );
    expect(shown.stdout).toMatch(/roles {4}member(, reader)?\n.*\ntoken {4}valid until .* min\n$/s);

    const token = valueIn(text(), 'auth_token');
    const headers = { 'X-Auth-Token': token, 'X-Subject-Token': token };
    await fetch(`${site.url}/auth/tokens`, { method: 'DELETE', headers });
    const ended = await coffer(['login', '--show', 'lab']);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('coffer login --renew lab') });
    // radosgw remembers a token that was good: this one never was.
    writeFileSync(file, text().replace(token, 'gAAAAended'));
    const used = await coffer(['lsd', 'lab:']);
    expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('coffer login --renew lab') });
    expect(used.stderr).not.toContain('gAAAAended');

    const renewed = await bench.coffer(['login', '--renew', 'lab'], { env: { ...env, OS_PASSWORD: site.password } });
    expect(renewed.code, renewed.stderr).toBe(0);
    expect(valueIn(text(), 'auth_token')).not.toBe('gAAAAended');
    expect(await rclone(['lsd', 'lab:'])).toMatchObject({ code: 0 });
  });

  test('is not written in a dry run, nor ended in one', async () => {
    const { file, text, coffer, login } = withConfig('dry');
    const words = ['-p', site.projects[0].name, '-m', 'both', '--region', 'rgw'] as const;
    const keys = await site.accessKeys();
    expect(await login(...words, '-n')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('--dry-run'),
    });
    expect(existsSync(file)).toBe(false);
    expect(await site.accessKeys()).toEqual(keys);
    expect(await login(...words)).toMatchObject({ code: 0 });
    const written = text();
    expect(await coffer(['login', '--logout', 'lab', '-m', 'both', '-n'])).toMatchObject({ code: 0 });
    expect(text()).toBe(written);
    expect(await coffer(['lsd', 'lab:'])).toMatchObject({ code: 0 });
  });

  test('ends at the site too, with its S3 keys when asked', async () => {
    const { text, coffer, login } = withConfig('logout');
    expect(await login('-p', site.projects[1].name, '-m', 'both', '--region', 'rgw')).toMatchObject({ code: 0 });
    const [token, access] = ['auth_token', 'access_key_id'].map((key) => valueIn(text(), key));
    expect(await site.accessKeys()).toContain(access);
    expect(await coffer(['login', '--logout', 'lab', '-m', 'both'])).toMatchObject({ code: 0 });
    expect(text()).not.toMatch(/auth_token|storage_url|access_key_id|secret_access_key/);
    expect(await site.accessKeys()).not.toContain(access);
    const headers = { 'X-Auth-Token': token ?? '', 'X-Subject-Token': token ?? '' };
    expect((await fetch(`${site.url}/auth/tokens`, { headers })).status).toBe(401);
    expect(await coffer(['login', '--show', 'lab'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nobody is logged in: coffer login lab'),
    });
    expect(await coffer(['lsd', 'lab:'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('coffer login --renew lab'),
    });
  });
});

describe('a remote that takes its login from the environment', () => {
  const made = '[lab]\ntype = swift\nenv_auth = true\n';

  test('is left as it is by an exported login, which both programs then use', async () => {
    const { file, text, env } = withConfig('export', made);
    const args = [
      'login',
      'lab',
      '--auth-url',
      site.url,
      '-u',
      site.user,
      '-p',
      site.projects[0].name,
      '--region',
      'rgw',
    ];
    const script = `eval "$("$0" "$@" --export)" && rclone mkdir lab:export-$OS_PROJECT_ID && rclone lsf lab: && "$0" "$1" lsf lab: && echo "<$OS_PASSWORD>"`;
    const [program, ...rest] = [process.execPath, programPath, ...args];
    const said = await mustRun('bash', ['-c', script, program, ...rest], {
      env: { ...env, TZ: 'UTC' },
      input: `${site.password}\n`,
    });
    expect(said).toContain(`export-${site.projects[0].id}/\n`);
    expect(said).toMatch(/<>\n$/);
    expect(text()).toBe(made);
    expect(readFileSync(file, 'utf8')).not.toContain('auth_token');
  });

  test('is made by an exported login where there is none', async () => {
    const { text, login } = withConfig('export-new');
    const exported = await login('-p', site.projects[0].name, '--region', 'rgw', '--export');
    expect(exported.stdout).toMatch(/^(export OS_[A-Z_]+='[^']*'\n)+$/);
    expect(exported.stdout).not.toContain('PASSWORD');
    expect(text()).toBe(made);
  });

  test('gets a login of its own only when that is said', async () => {
    const { text, login, rclone } = withConfig('replace', made);
    const args = ['-p', site.projects[0].name, '--region', 'rgw'];
    const refused = await login(...args);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/env_auth.*--replace.*--name.*--export/) });
    expect(text()).toBe(made);
    expect(await login(...args, '--replace')).toMatchObject({ code: 0 });
    expect(text()).not.toContain('env_auth');
    expect(await rclone(['lsd', 'lab:'])).toMatchObject({ code: 0 });
  });
});

test('neither the password nor a token nor a key is in the log, however much is asked for', async () => {
  const { text, login } = withConfig('log');
  const done = await login('-p', site.projects[0].name, '-m', 'both', '--region', 'rgw', '-vv', '--use-json-log');
  expect(done.code, done.stderr).toBe(0);
  const secrets = [site.password, valueIn(text(), 'auth_token'), valueIn(text(), 'secret_access_key')];
  for (const secret of secrets) expect(`${done.stdout}${done.stderr}`).not.toContain(secret);
});
