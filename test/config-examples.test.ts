import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { programPath } from './program.ts';
import { requirePeer } from './servers/peers.ts';
import type { Section } from './servers/remotes.ts';
import { mustRun } from './servers/run.ts';

const { remotes, keystone } = inject('lab');
const examples = join(import.meta.dirname, '..', 'config-examples');
const folder = mkdtempSync(join(tmpdir(), 'coffer-examples-'));
const store = join(folder, 'store');
const key = join(folder, 'key');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Example {
  /** What a reader would put in its place: addresses, logins, folders, by section. */
  readonly values: Readonly<Record<string, Section>>;
  /** Through which remote the data goes. */
  readonly plain: string;
  /** Where the encrypted data lands. */
  readonly sealed: string;
  readonly env?: Readonly<Record<string, string>>;
  /** True for a type that rclone does not have, and that leaves names in the clear. */
  readonly isOurs?: boolean;
}

const cases: Readonly<Record<string, Example>> = {
  'folder.conf': { values: { secret: { remote: store } }, plain: 'secret:', sealed: store },
  'crypt4gh.conf': {
    values: { named: { remote: store, recipients: `${key}.pub`, secret_key: key } },
    plain: 'named:',
    sealed: store,
    isOurs: true,
  },
  'alias.conf': { values: { secret: { remote: store } }, plain: 'results:', sealed: store },
  'swift-v1.conf': { values: { swift: remotes['swift-v1'] }, plain: 'secret:', sealed: 'swift:my-bucket' },
  'swift-v3.conf': { values: { swift: remotes['swift-v3'] }, plain: 'secret:', sealed: 'swift:2000001-crypt' },
  'swift-application-credential.conf': {
    values: { swift: remotes['ceph-appcred'] },
    plain: 'secret:',
    sealed: 'swift:2000001-crypt',
  },
  'allas.conf': {
    values: { s3allas: remotes['ceph-keystone-s3'] },
    plain: 'allas-crypt:',
    sealed: 'allas:2000001-crypt',
    env: {
      OS_AUTH_URL: `${keystone.url}/v3`,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: 'alice',
      OS_PASSWORD: 'alicepw',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_PROJECT_NAME: 'project_2000001',
      OS_REGION_NAME: 'rgw',
    },
  },
  's3.conf': { values: { store: remotes['swift-s3'] }, plain: 'secret:', sealed: 'store:my-bucket' },
  'ceph.conf': { values: { ceph: remotes['ceph-s3'] }, plain: 'secret:', sealed: 'ceph:2000001-crypt' },
};

test('each example is tested', () => {
  const configs = readdirSync(examples).filter((name) => name.endsWith('.conf'));
  expect(Object.keys(cases).sort()).toEqual(configs.sort());
});

describe.each(Object.entries(cases))('%s', (name, { values, plain, sealed, env = {}, isOurs = false }) => {
  const config = join(folder, name);
  const source = join(folder, `${name}.source`);
  const options = { env: { ...env, RCLONE_CONFIG: config } };
  const coffer = (...args: string[]): Promise<string> => mustRun(process.execPath, [programPath, ...args], options);

  beforeAll(async () => {
    requirePeer('rclone');
    if (!existsSync(key)) await mustRun(process.execPath, [programPath, 'key', 'new', '--key', key, '--no-passphrase']);
    rmSync(store, { recursive: true, force: true });
    mkdirSync(join(source, 'job_6'), { recursive: true });
    writeFileSync(join(source, 'job_6', 'hello.xrsl'), 'hello\n');
    writeFileSync(config, fillIn(readFileSync(join(examples, name), 'utf8'), values), { mode: 0o600 });
  });

  test('encrypts, lists and decrypts', async () => {
    await coffer('copy', source, plain);
    expect(await coffer('ls', plain)).toBe('        6 job_6/hello.xrsl\n');
    if (!isOurs) expect(await coffer('ls', sealed)).not.toContain('hello');
    expect(await coffer('cat', sealed)).not.toContain('hello');
    await coffer('copy', plain, join(folder, `${name}.back`));
    expect(readFileSync(join(folder, `${name}.back`, 'job_6', 'hello.xrsl'), 'utf8')).toBe('hello\n');
  });

  test(`is ${isOurs ? 'sealed to rclone' : 'read by rclone in the same way'}`, async () => {
    if (isOurs)
      expect(await mustRun('rclone', ['cat', `${sealed}/job_6/hello.xrsl.c4gh`], options)).toMatch(/^crypt4gh/);
    else expect(await mustRun('rclone', ['cat', `${plain}job_6/hello.xrsl`], options)).toBe('hello\n');
  });

  afterAll(async () => {
    await coffer('purge', sealed);
  });
});

/** Replaces the values of lines that stand in the example; comments and everything else stay. A line that the example
 *  does not have stays out. */
function fillIn(text: string, values: Readonly<Record<string, Section>>): string {
  let section = '';
  return text
    .split('\n')
    .map((line) => {
      section = /^\[(.+)\]$/.exec(line)?.[1] ?? section;
      const [, key = ''] = /^(\w+) = /.exec(line) ?? [];
      const value = values[section]?.[key];
      return value === undefined ? line : `${key} = ${value}`;
    })
    .join('\n');
}
