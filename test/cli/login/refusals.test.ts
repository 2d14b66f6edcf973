import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { makeCertificate } from '../../servers/certificate.ts';
import { startFaultProxy } from '../../servers/fault-proxy/proxy.ts';
import { freePort } from '../../servers/ports.ts';
import { createBench } from '../run.ts';
import { createSite, type Site } from './site.ts';

const { keystone, ceph } = inject('lab');
const bench = createBench('login-refusals');
let site: Site;
beforeAll(async () => {
  site = await createSite(keystone);
});

const before =
  '# mine\n[crypto]\ntype = crypt\nremote = x\n\n[app]\ntype = swift\napplication_credential_id = i\napplication_credential_secret = s\n';

/** Logs in where that must fail. Nothing is changed, and no secret is said. */
async function refusal(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stderr: string }> {
  const file = bench.path('refusals.conf');
  writeFileSync(file, before);
  const password = env.OS_PASSWORD || site.password;
  const { code, stdout, stderr } = await bench.coffer(['login', ...args], {
    env: { RCLONE_CONFIG: file, OS_PASSWORD: site.password, ...env },
  });
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(stdout).toBe('');
  expect(stderr).not.toContain(password);
  return { code, stderr };
}

const asUser = (...more: string[]): string[] => ['lab', '--auth-url', site.url, '-u', site.user, ...more];

describe('a login is refused, with the config as it was,', () => {
  test('for a wrong password', async () => {
    const { code, stderr } = await refusal(asUser(), { OS_PASSWORD: 'SECRET-wrong' });
    expect(code).toBe(1);
    expect(stderr).toContain(`does not accept ${site.user} (domain Default) with this password`);
  });

  test('for a project that is not the user’s, with those that are', async () => {
    const { code, stderr } = await refusal(asUser('-p', 'project_2000001'));
    expect(code).toBe(1);
    expect(stderr).toContain(
      `no project "project_2000001"; there are ${site.projects.map(({ name }) => name).join(', ')}`,
    );
  });

  test('for a project that is disabled', async () => {
    const own = await createSite(keystone);
    const [project, other] = own.projects;
    await own.admin('PATCH', `/projects/${project.id}`, { project: { enabled: false } });
    const args = ['lab', '--auth-url', own.url, '-u', own.user, '-p', project.name];
    const { code, stderr } = await refusal(args, { OS_PASSWORD: own.password });
    expect(code).toBe(1);
    expect(stderr).toContain(`the project "${project.name}" is disabled; there are ${other.name}`);
  });

  test('for a project of another domain', async () => {
    const { code, stderr } = await refusal(asUser('-p', site.projects[0].name, '--project-domain', 'users'));
    expect(code).toBe(1);
    expect(stderr).toContain(`does not let ${site.user} into the project ${site.projects[0].name} (domain users)`);
  });

  test('for a region that has no storage, with those that have', async () => {
    const { code, stderr } = await refusal(asUser('-p', site.projects[0].name, '--region', 'mars'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/region "mars": its regions are (swift, rgw|rgw, swift)/);
  });

  test('when nobody answers', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const { code, stderr } = await refusal([
      'lab',
      '--auth-url',
      `http://${address}/v3`,
      '-u',
      'x',
      '--low-level-retries',
      '1',
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain(address);
  });

  test('when something else than a Keystone answers', async () => {
    const { code, stderr } = await refusal(['lab', '--auth-url', ceph.s3, '-u', 'x']);
    expect(code).toBe(1);
    expect(stderr).toContain(`${ceph.s3}/v3 is not a Keystone v3`);
  });

  test('when the site wants a second factor', async () => {
    const own = await createSite(keystone);
    const options = { multi_factor_auth_enabled: true, multi_factor_auth_rules: [['password', 'token']] };
    await own.admin('PATCH', `/users/${own.userId}`, { user: { options } });
    const env = { OS_PASSWORD: own.password };
    const { code, stderr } = await refusal(['lab', '--auth-url', own.url, '-u', own.user], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wants more than a password.*: token\..*application credential/s);
  });

  test.for([
    ['an address of version 2', ['lab', '--auth-url', 'http://127.0.0.1:1/v2.0'], 'Keystone v2'],
    ['no address', ['mars'], '--auth-url'],
    ['a name that is taken', ['crypto', '--auth-url', 'http://127.0.0.1:1'], 'type crypt'],
    ['a remote with an application credential', ['app', '--auth-url', 'http://127.0.0.1:1'], 'application credential'],
    ['an unknown mode', ['-m', 'ftp'], 'not one of swift, S3 and both'],
    ['nothing to renew', ['--renew'], 'has no login to renew: coffer login'],
    ['two things at once', ['--show', '--logout'], 'give one of them'],
    ['an export of S3 keys', ['--export', '-m', 'both'], 'only a Swift login can be exported'],
    ['an export with a password', ['--export', '-k'], '--keep-password'],
    ['a config in memory', ['--config', ''], 'in memory only'],
  ] as const)('for %s', async ([, args, reason]) => {
    const { code, stderr } = await refusal(args);
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });

  test('when the input ends', async () => {
    const { code, stderr } = await refusal(asUser(), { OS_PASSWORD: '' });
    expect(code).toBe(1);
    expect(stderr).toContain('Password of');
  });
});

test('a password that would travel unencrypted is warned of', async () => {
  const { stderr } = await refusal(asUser('-p', 'none'));
  expect(stderr).toContain(`${site.url} is not encrypted`);
});

describe('over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coffer-login-tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('only a trusted Keystone is told the password', async () => {
    const { cert, key, certFile } = await makeCertificate(folder);
    await using proxy = await startFaultProxy(keystone.url, { tls: { cert, key } });
    const args = [
      'lab',
      '--auth-url',
      `${proxy.url}/v3`,
      '-u',
      site.user,
      '-p',
      site.projects[0].name,
      '--region',
      'rgw',
    ];
    const { code, stderr } = await refusal(args);
    expect(code).toBe(7);
    expect(stderr).toContain('--ca-cert');
    expect(proxy.stats().requests).toEqual([]);
    const env = { RCLONE_CONFIG: bench.path('tls.conf'), OS_PASSWORD: site.password };
    const done = await bench.coffer(['login', ...args, '--ca-cert', certFile], { env });
    expect(done.code, done.stderr).toBe(0);
    expect(done.stderr).not.toContain('not encrypted');
  });
});
