import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { Section } from '../servers/remotes.ts';
import type { Result } from '../servers/run.ts';
import { runHere } from './in-process.ts';
import { createSites, type Site } from './sites.ts';

const { remotes } = inject('lab');
const sites = createSites('access');
const bobId = `2000002${'0'.repeat(24)}2`;

/** bob of project_2000002, by the login of alice. */
const asBob = (section: Section): Section =>
  section.type === 's3'
    ? { ...section, access_key_id: 'ec2-bob', secret_access_key: 'ec2-bob-secret' }
    : { ...section, user: 'bob', key: 'bobpw', tenant: 'project_2000002' };

interface Shown {
  readonly public: boolean;
  readonly projects: readonly { project: string; read: boolean; write: boolean; own: boolean }[];
  readonly others: readonly string[];
  readonly proof?: { readonly trials: readonly { what: string; allowed: boolean; expected: boolean }[] };
}

async function shown(site: Site, ...args: string[]): Promise<Shown> {
  const { code, stdout, stderr } = await coffer(site, ['access', '--json', ...args]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Shown;
}

/** Project → `rw`, without the owner's. */
const rights = ({ projects }: Shown) =>
  Object.fromEntries(
    projects.flatMap(({ project, read, write, own }) =>
      own ? [] : [[project, `${read ? 'r' : ''}${write ? 'w' : ''}`]],
    ),
  );

const trials = ({ proof }: Shown) => proof?.trials.map(({ what, allowed }) => `${allowed ? '+' : '-'}${what}`);

/** Runs coffer as the site would. */
function coffer(site: Site, args: readonly string[]): Promise<Result> {
  return runHere(args, { HOME: site.home, RCLONE_CONFIG: site.config });
}

async function put(site: Site, place: string, content: string): Promise<void> {
  const file = join(site.home, 'content');
  writeFileSync(file, content);
  const { code, stderr } = await coffer(site, ['copyto', file, place]);
  expect(code, stderr).toBe(0);
}

describe.each(['swift-v3', 'ceph-v3', 'ceph-keystone-s3'] as const)('a bucket on %s', (store) => {
  const section = remotes[store];
  const bucket = `access-${store}`;
  const place = `mine:${bucket}`;
  const site = sites.site('both', { mine: section, bob: asBob(section) });

  test('is opened to another project, which then lists, reads and writes, and closed again', async () => {
    const both = await site;
    await put(both, `${place}/there`, 'before');
    expect(rights(await shown(both, place))).toEqual({});
    const open = await shown(both, '+rw', bobId, '--as', 'bob:', place);
    expect([rights(open), trials(open)]).toEqual([{ [bobId]: 'rw' }, ['+list', '+read-new', '+write', '+read']]);
    const less = await shown(both, '-w', bobId, '--as', 'bob:', place);
    expect([rights(less), trials(less)]).toEqual([{ [bobId]: 'r' }, ['+list', '+read-new', '-write', '+read']]);
    const closed = await shown(both, '-rw', bobId, place, '--as', 'bob:');
    expect([rights(closed), trials(closed)]).toEqual([{}, ['-list', '-read-new', '-write']]);
    expect((await coffer(both, ['lsf', place])).stdout).toBe('there\n');
  });

  test('is opened to be written alone, then to anybody', async () => {
    const both = await site;
    const open = await shown(both, '+w', bobId, '--as', 'bob:', place);
    expect([rights(open), trials(open)]).toEqual([{ [bobId]: 'w' }, ['-list', '-read-new', '+write']]);
    const anybody = await shown(both, '-w', bobId, '+p', place, '--as', 'bob:');
    expect([anybody.public, trials(anybody)]).toEqual([true, ['+list', '+read-new', '-write', '+read']]);
    const closed = await shown(both, '-p', place, '--as', 'bob:');
    expect([closed.public, trials(closed)]).toEqual([false, ['-list', '-read-new']]);
  });

  test('gives its owner what the other project put there, also when that is shut out', async () => {
    const both = await site;
    await shown(both, '+rw', bobId, place);
    const theirs = store === 'swift-v3' ? await addressed(section, bucket) : `bob:${bucket}`;
    await put(both, `${theirs}/theirs`, 'from bob');
    await shown(both, '-rw', bobId, place);
    expect((await coffer(both, ['cat', `${place}/theirs`])).stdout).toBe('from bob');
  });
});

/** The bucket as bob writes it: with the address of its owner's storage. */
async function addressed(section: Section, bucket: string): Promise<string> {
  const { url } = await logIn(section);
  return `bob,storage_url="${url}":${bucket}`;
}

/** A login of alice for requests of the test's own. */
async function logIn({ auth, user, key, tenant, region }: Section): Promise<{ url: string; token: string }> {
  const domain = { name: 'Default' };
  const identity = { methods: ['password'], password: { user: { name: user, domain, password: key } } };
  const response = await fetch(`${auth}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { name: tenant, domain } } } }),
  });
  const { token } = (await response.json()) as { token: { catalog: Service[] } };
  const endpoints = token.catalog.flatMap((service) => (service.type === 'object-store' ? service.endpoints : []));
  const url = endpoints.find((endpoint) => endpoint.region === region)?.url ?? '';
  return { url, token: response.headers.get('x-subject-token') ?? '' };
}

interface Service {
  readonly type: string;
  readonly endpoints: readonly { readonly region: string; readonly url: string }[];
}

async function setReadAcl(section: Section, bucket: string, acl: string): Promise<void> {
  const { url, token } = await logIn(section);
  const headers = { 'X-Auth-Token': token, 'X-Container-Read': acl };
  const { status } = await fetch(`${url}/${bucket}`, { method: 'POST', headers });
  expect(status).toBe(204);
}

async function readAclOf(section: Section, bucket: string): Promise<string> {
  const { url, token } = await logIn(section);
  const response = await fetch(`${url}/${bucket}`, { method: 'HEAD', headers: { 'X-Auth-Token': token } });
  return response.headers.get('x-container-read') ?? '';
}

describe.each(['swift-v3', 'ceph-v3'] as const)('a container on %s', (store) => {
  const section = { ...remotes[store], chunk_size: '256Ki' };
  const bucket = `access-acl-${store}`;
  const site = sites.site('both', {
    mine: section,
    bob: asBob(section),
    'bob-by-id': { ...asBob(section), tenant: '', tenant_id: bobId },
    'sealed-bucket': sealed(`mine:${bucket}/dir`),
  });
  beforeAll(async () => {
    for (const name of [bucket, `${bucket}_segments`]) await coffer(await site, ['mkdir', `mine:${name}`]);
  });

  test('takes large objects of the other project', async () => {
    const both = await site;
    await shown(both, '+rw', bobId, `mine:${bucket}`);
    const theirs = await addressed(section, bucket);
    await put(both, `${theirs}/from-bob`, 'theirs '.repeat(200_000));
    await shown(both, '-rw', bobId, `mine:${bucket}`);
    expect((await coffer(both, ['cat', `mine:${bucket}/from-bob`])).stdout).toHaveLength(1_400_000);
  });

  test('keeps the entries that others made, there and on its segments', async () => {
    const both = await site;
    const foreign = `${'5'.repeat(32)}:*,${'6'.repeat(32)}:user,.r:example.org`;
    const segments = `${bucket}_segments`;
    for (const name of [bucket, segments]) await setReadAcl(section, name, foreign);
    await shown(both, '+r', bobId, `mine:${bucket}`);
    const after = await shown(both, '-r', bobId, `mine:${bucket}`);
    expect(rights(after)).toEqual({ ['5'.repeat(32)]: 'r', [`${'6'.repeat(32)}:user`]: 'r' });
    expect(after.others).toContain('.r:example.org');
    for (const name of [bucket, segments]) {
      const acl = await readAclOf(section, name);
      // radosgw sorts them.
      if (store === 'swift-v3') expect(acl).toBe(foreign);
      else expect(acl.split(',').sort()).toEqual(foreign.split(',').sort());
    }
    await setReadAcl(section, segments, '');
    expect((await shown(both, `mine:${bucket}`)).others.join('\n')).toContain(`${segments}: ${'5'.repeat(32)}`);
    await setReadAcl(section, bucket, '');
  });

  test('is what access means on an encrypted remote that lies in it', async () => {
    const both = await site;
    expect(rights(await shown(both, '+r', bobId, 'sealed-bucket:'))).toEqual({ [bobId]: 'r' });
    expect(rights(await shown(both, '-r', bobId, `mine:${bucket}`))).toEqual({});
  });

  test('has the name of a project whose id nobody tells', async () => {
    const both = await site;
    const place = `mine:access-name-${store}`;
    await coffer(both, ['mkdir', place]);
    const open = await shown(both, '+r', 'project_2000002', '--as', 'bob:', place);
    expect(rights(open)).toEqual({ project_2000002: 'r' });
    expect(trials(open)?.slice(0, 2)).toEqual(['+list', '+read-new']);
    expect(trials(await shown(both, '--as', 'bob:', place))?.slice(0, 2)).toEqual(['+list', '+read-new']);
    const unknown = await coffer(both, ['access', '--as', 'bob-by-id:', place]);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('set the option tenant of bob-by-id:')]);
    const closed = await shown(both, '-r', 'project_2000002', '--as', 'bob:', place);
    expect(trials(closed)?.slice(0, 2)).toEqual(['-list', '-read-new']);
    const { stderr } = await coffer(both, ['access', '-r', 'project_2000002', place]);
    expect(stderr).toContain('has no access under this name');
  });
});

function sealed(remote: string): Section {
  return { type: 'crypt', remote, password: 'kAe1aQMiE3FcWmRB_eBTwBFSC0zlNg' };
}

// Not on radosgw 16, where nobody but their owner can read objects in segments, whatever the ACLs.
describe('a container on Swift', () => {
  const section = { ...remotes['swift-v3'], chunk_size: '256Ki' };
  const bucket = 'access-large';
  const site = sites.site('large', { mine: section, bob: asBob(section) });

  test('lets the other project read large objects, segments and all, until it is closed', async () => {
    const both = await site;
    const large = 'large '.repeat(200_000);
    await put(both, `mine:${bucket}/large`, large);
    await shown(both, '+r', bobId, `mine:${bucket}`);
    const theirs = await addressed(section, bucket);
    expect((await coffer(both, ['cat', `${theirs}/large`])).stdout).toBe(large);
    await shown(both, '-r', bobId, `mine:${bucket}`);
    const denied = await coffer(both, ['cat', '--low-level-retries', '1', `${theirs}/large`]);
    expect([denied.code, denied.stdout]).toEqual([1, '']);
  });
});

describe('access', () => {
  const section = remotes['swift-v3'];
  const admin = { ...section, user: 'admin', key: 'admin', tenant: 'admin' };
  const site = sites.site('others', {
    mine: section,
    bob: asBob(section),
    admin,
    s3: remotes['ceph-keystone-s3'],
    'swift-s3': remotes['swift-keystone-s3'],
    user: remotes['ceph-s3'],
    user2: { ...remotes['ceph-s3'], access_key_id: 'test2:tester2', secret_access_key: 'testing2' },
    account: remotes['swift-v1'],
    account2: { ...remotes['swift-v1'], user: 'test2:tester2', key: 'testing2' },
  });
  const failing = async (...args: string[]) => {
    const { code, stderr } = await coffer(await site, ['access', ...args]);
    return `${code} ${stderr}`;
  };

  test('that another rule still gives is an error, and so is a proof of it', async () => {
    const there = await site;
    await coffer(there, ['mkdir', 'mine:access-leaky']);
    await setReadAcl(section, 'access-leaky', '*:*');
    expect(await failing('-r', bobId, '--as', 'bob:', 'mine:access-leaky')).toMatch(
      /^1 .*bob: can list: and should not/s,
    );
    await setReadAcl(section, 'access-leaky', '');
    expect(await failing('-r', bobId, '--as', 'bob:', 'mine:access-leaky')).toMatch(/^0 /);
  });

  test('proves nothing with a login of the owner, of a third, or one that has ended', async () => {
    await coffer(await site, ['mkdir', 'mine:access-proof']);
    expect(await failing('--as', 'mine:', 'mine:access-proof')).toMatch(/^1 .*own project/s);
    expect(await failing('+r', '7'.repeat(32), '--as', 'bob:', 'mine:access-proof')).toMatch(/^1 .*proves nothing/s);
    expect(await failing('--as', 'bob,key=wrong:', 'mine:access-proof')).toMatch(/^1 .*cannot log in/s);
  });

  test('is given to a bucket without a remote as a-access does: it is in allas:', async () => {
    const there = await sites.site('allas', { allas: section });
    await coffer(there, ['mkdir', 'allas:access-bare']);
    expect(rights(await shown(there, '+r', bobId, 'access-bare'))).toEqual({ [bobId]: 'r' });
    expect(rights(await shown(there, '-r', bobId, 'allas:access-bare'))).toEqual({});
  });

  test('is not given to a project that is known not to be there', async () => {
    const there = await site;
    await coffer(there, ['mkdir', 'admin:access-known']);
    expect(await failing('+r', 'project_9', 'admin:access-known')).toMatch(/^1 .*there is no project "project_9"/s);
    expect(rights(await shown(there, '+r', 'project_2000002', 'admin:access-known'))).toEqual({ [bobId]: 'r' });
    expect(rights(await shown(there, '-r', bobId, 'admin:access-known'))).toEqual({});
  });

  test('needs a bucket that is there', async () => {
    expect(await failing('+r', bobId, 'mine:access-missing')).toMatch(/^3 .*no such bucket/s);
    expect(await failing('mine:access-missing/dir')).toMatch(/^1 .*whole buckets/s);
    expect(await failing('mine:')).toMatch(/^1 .*name a bucket/s);
    expect(await failing('folder')).toMatch(/^1 .*\("allas"\)/s);
    expect(await failing(':local:folder')).toMatch(/^1 .*is not a bucket on Swift or S3/s);
  });

  test('on S3 needs an id, and a store with bucket policies', async () => {
    const there = await site;
    await coffer(there, ['mkdir', 's3:access-ids']);
    expect(await failing('+r', 'project_2000002', 's3:access-ids')).toMatch(/^1 .*coffer login --show/s);
    await coffer(there, ['mkdir', 'swift-s3:access-none']);
    expect(await failing('+r', bobId, 'swift-s3:access-none')).toMatch(/^1 .*no bucket policies/s);
  });

  test('is given to users of radosgw and to accounts of version 1', async () => {
    const there = await site;
    await coffer(there, ['mkdir', 'user:access-user']);
    const user = 'arn:aws:iam:::user/test2';
    expect(trials(await shown(there, '+rw', user, '--as', 'user2:', 'user:access-user'))).toEqual([
      ...['+list', '+read-new', '+write'],
    ]);
    expect(trials(await shown(there, '-rw', user, '--as', 'user2:', 'user:access-user'))).toEqual([
      ...['-list', '-read-new', '-write'],
    ]);
    await coffer(there, ['mkdir', 'account:access-account']);
    const open = await shown(there, '+rw', 'test2', '--as', 'account2:', 'account:access-account');
    expect(trials(open)).toEqual(['+list', '+read-new', '+write']);
    expect(trials(await shown(there, '-rw', 'test2', '--as', 'account2:', 'account:access-account'))).toEqual([
      ...['-list', '-read-new', '-write'],
    ]);
  });

  test('is shown to people too, and not changed in a dry run', async () => {
    const there = await site;
    await coffer(there, ['mkdir', 'mine:access-table']);
    expect(await failing('-n', '+rw', bobId, 'mine:access-table')).toContain('--dry-run');
    expect(rights(await shown(there, 'mine:access-table'))).toEqual({});
    const { stdout } = await coffer(there, ['access', '+r', bobId, 'mine:access-table', '--as', 'bob:']);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'mine:access-table',
      '  project                           read  write',
      `  ${bobId}  yes   no`,
      '  public                            no    no',
      'bob: can list: as it should be',
    ]);
  });
});
