import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { collect, type Source, sourceOf } from '../../../src/core/bytes.ts';
import type { Entry } from '../../../src/core/entry.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { readCredentials } from '../../../src/remotes/swift/credentials.ts';
import { legacyKeystoneLogin } from '../../../src/remotes/swift/login-v2.ts';
import { makeCertificate } from '../../servers/certificate.ts';
import { startFaultProxy } from '../../servers/fault-proxy/proxy.ts';
import { freePort } from '../../servers/ports.ts';
import type { Section } from '../../servers/remotes.ts';
import { startSwift } from '../../servers/swift.ts';
import { type OpenOptions, openSwift, parseSection } from './open-swift.ts';

const { remotes, keystone } = inject('lab');
const container = 'login-tests';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

// On radosgw a container's name is taken for all accounts.
function containerOf({ region = '', user = '', application_credential_id = '' }: Section): string {
  return `${container}-${region}${user.replace(':', '-')}${application_credential_id && 'alice'}`;
}

async function worksWith(section: Section, given: OpenOptions = {}): Promise<void> {
  const remote = await openSwift(section, given);
  try {
    const path = `${containerOf(section)}/${Math.random()}`;
    await remote.write(path, sourceOf(Buffer.from('hello')), {});
    expect(Buffer.from(await collect(remote.read(path))).toString()).toBe('hello');
    await remote.remove(path);
  } finally {
    await remote[Symbol.asyncDispose]();
  }
}

async function failureWith(section: Section, given: OpenOptions = {}): Promise<Failure> {
  const error = await worksWith(section, given).catch((caught: unknown) => caught);
  if (error instanceof Failure) return error;
  throw new Error(`expected a Failure, got ${error}`);
}

async function v1Token(auth: string): Promise<{ token: string; storageUrl: string }> {
  const answer = await fetch(auth, { headers: { 'X-Auth-User': 'test:tester', 'X-Auth-Key': 'testing' } });
  return {
    token: answer.headers.get('x-auth-token') ?? '',
    storageUrl: answer.headers.get('x-storage-url') ?? '',
  };
}

describe('a login', () => {
  test.for(['swift-v1', 'swift-v3', 'swift-appcred', 'ceph-v1', 'ceph-v3', 'ceph-appcred'] as const)(
    'works with the config of %s',
    (name) => worksWith(remotes[name]),
  );

  test('sees its version from the address', async () => {
    await worksWith({ ...remotes['swift-v1'], auth_version: '0' });
    await worksWith({ ...remotes['swift-v3'], auth_version: '0' });
    const failure = await failureWith({ ...remotes['swift-v3'], auth_version: '0', auth: keystone.url });
    expect(failure).toMatchObject({ kind: 'usage', message: expect.stringContaining('auth_version') });
  });

  test('adds the version to an address without one', () =>
    worksWith({ ...remotes['swift-v3'], auth: `${keystone.url}/` }));

  test('takes an application credential by its name', async () => {
    const { application_credential_id: _, ...section } = remotes['swift-appcred'];
    const { name } = keystone.applicationCredential;
    await worksWith({ ...section, application_credential_name: name, user: 'alice', domain: 'Default' });
  });

  const keystoneEnvironment = {
    OS_AUTH_URL: `${keystone.url}/v3`,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: 'alice',
    OS_PASSWORD: 'alicepw',
    OS_PROJECT_NAME: 'project_2000001',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_ID: 'default',
    OS_REGION_NAME: 'swift',
  };

  test('comes from OS_* with env_auth', () =>
    worksWith({ type: 'swift', env_auth: 'true' }, { environment: keystoneEnvironment }));

  test('comes from ST_* with env_auth', () => {
    const { auth = '' } = remotes['ceph-v1'];
    const environment = { ST_AUTH: auth, ST_USER: 'test:tester', ST_KEY: 'testing', ST_AUTH_VERSION: '1.0' };
    return worksWith({ type: 'swift', env_auth: 'true' }, { environment });
  });

  test('prefers the config to the environment, and without env_auth ignores it', async () => {
    const environment = { ...keystoneEnvironment, OS_PASSWORD: 'wrong', OS_STORAGE_URL: 'http://127.0.0.1:9' };
    await worksWith({ ...remotes['swift-v3'] }, { environment });
    const { OS_STORAGE_URL: _, ...noStorage } = environment;
    await worksWith({ type: 'swift', env_auth: 'true', key: 'alicepw' }, { environment: noStorage });
  });

  test('is spared with a storage address and a token', async () => {
    const { auth = '' } = remotes['swift-v1'];
    const { token, storageUrl } = await v1Token(auth);
    await worksWith({ type: 'swift', storage_url: storageUrl, auth_token: token });
    const environment = { OS_STORAGE_URL: `${storageUrl}/`, OS_AUTH_TOKEN: token };
    await worksWith({ type: 'swift', env_auth: 'true' }, { environment });
  });

  test('says how to renew a token that ended, without showing it', async () => {
    const { storageUrl } = await v1Token(remotes['swift-v1'].auth ?? '');
    const failure = await failureWith({ type: 'swift', storage_url: storageUrl, auth_token: 'SECRET-token' });
    expect(failure).toMatchObject({ kind: 'denied', message: expect.stringContaining('get a new one') });
    expect(failure.message).not.toContain('SECRET');
  });

  test('replaces a token that ended where it can', async () => {
    const { storageUrl } = await v1Token(remotes['swift-v1'].auth ?? '');
    await worksWith({ ...remotes['swift-v1'], storage_url: storageUrl, auth_token: 'ended' });
  });

  test('that is refused names the user and not the password', async () => {
    for (const name of ['swift-v1', 'swift-v3', 'ceph-v1'] as const) {
      const failure = await failureWith({ ...remotes[name], key: 'SECRET' });
      expect(failure).toMatchObject({ kind: 'denied', message: expect.stringContaining(remotes[name].user ?? '') });
      expect(failure.message).not.toContain('SECRET');
    }
  });

  test('names the regions when there is none of that name', async () => {
    const failure = await failureWith({ ...remotes['swift-v3'], region: 'mars' });
    expect(failure).toMatchObject({ kind: 'usage', message: expect.stringMatching(/"mars".*(rgw, swift|swift, rgw)/) });
  });

  test('says what is missing', async () => {
    expect(await failureWith({ type: 'swift' })).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('"auth"'),
    });
    expect(await failureWith({ type: 'swift', env_auth: 'true' })).toMatchObject({
      message: expect.stringContaining('OS_AUTH_URL'),
    });
    const { key: _, ...noKey } = remotes['swift-v1'];
    expect(await failureWith(noKey)).toMatchObject({ kind: 'usage', message: expect.stringContaining('"key"') });
  });

  test('at an address where nobody listens names the host', async () => {
    const port = await freePort();
    const failure = await failureWith({ ...remotes['swift-v1'], auth: `http://127.0.0.1:${port}/auth/v1.0` });
    expect(failure).toMatchObject({ kind: 'transient', message: expect.stringContaining(`127.0.0.1:${port}`) });
  });

  test('of version 2 asks and reads as Keystone did', () => {
    const credentials = readCredentials(
      parseSection({ auth: 'https://example.org/v2.0/', user: 'me', key: 'pw', tenant: 'work', region: 'north' }),
      {},
      'lab:',
    );
    const { request, read } = legacyKeystoneLogin(credentials);
    expect(request.url).toBe('https://example.org/v2.0/tokens');
    expect(JSON.parse(Buffer.from(request.body ?? '').toString())).toEqual({
      auth: { passwordCredentials: { username: 'me', password: 'pw' }, tenantName: 'work' },
    });
    const endpoints = [
      { region: 'south', publicURL: 'https://south/v1/x' },
      { region: 'north', publicURL: 'https://north/v1/x/', internalURL: 'https://inside/v1/x' },
    ];
    const token = { id: 'tok', expires: '2030-01-01T00:00:00Z' };
    const access = { token, serviceCatalog: [{ type: 'object-store', endpoints }] };
    const expires = Date.UTC(2030, 0, 1);
    expect(read({}, JSON.stringify({ access }), 0)).toEqual({
      token: 'tok',
      storageUrl: 'https://north/v1/x',
      expires,
    });
  });
});

describe('permissions', () => {
  test('another account’s container is refused with a next step', async () => {
    const { token, storageUrl } = await v1Token(remotes['swift-v1'].auth ?? '');
    const foreign = storageUrl.replace(/AUTH_test$/, 'AUTH_test2');
    const failure = await failureWith({ type: 'swift', storage_url: foreign, auth_token: token });
    expect(failure).toMatchObject({ kind: 'denied', message: expect.stringContaining('ask the owner') });
  });
});

describe('a container of others that may be written and not read', () => {
  test.for(['swift-v1', 'ceph-v1'] as const)('takes files, small, streamed and in segments, on %s', async (name) => {
    const { auth = '' } = remotes[name];
    const drop = `drop-${name}`;
    const { token, storageUrl } = await v1Token(auth);
    for (const bucket of [drop, `${drop}_segments`]) {
      const headers = { 'X-Auth-Token': token, 'X-Container-Write': name === 'swift-v1' ? 'test2:tester2' : 'test2' };
      await fetch(`${storageUrl}/${bucket}`, { method: 'PUT', headers });
      await fetch(`${storageUrl}/${bucket}`, { method: 'POST', headers });
    }
    const guest = {
      type: 'swift',
      auth,
      auth_version: '1',
      user: 'test2:tester2',
      key: 'testing2',
      storage_url: storageUrl,
    };
    const owner = await openSwift(remotes[name]);
    const guests = await openSwift({ ...guest, chunk_size: '2Mi' });
    for (const size of [5, 1_500_000, 5_000_000]) {
      const data = new Uint8Array(size).fill(size);
      await guests.write(`${drop}/${size}`, sourceOf(data), {});
      expect(digest(await collect(owner.read(`${drop}/${size}`)))).toBe(digest(data));
      await expect(collect(guests.read(`${drop}/${size}`))).rejects.toMatchObject({ kind: 'denied' });
    }
    await guests[Symbol.asyncDispose]();
    await owner.purge?.(drop);
    await owner.purge?.(`${drop}_segments`);
    await owner[Symbol.asyncDispose]();
  });
});

describe('over TLS', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coffer-tls-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('only a trusted certificate is taken', async () => {
    const { cert, key, certFile } = await makeCertificate(folder);
    const { auth = '' } = remotes['ceph-v1'];
    await using proxy = await startFaultProxy(new URL(auth).origin, { tls: { cert, key } });
    const { storageUrl, token } = await v1Token(auth);
    const section = {
      type: 'swift',
      auth_token: token,
      storage_url: storageUrl.replace(new URL(auth).origin, proxy.url),
    };
    expect(await failureWith(section)).toMatchObject({ kind: 'fatal', message: expect.stringContaining('--ca-cert') });
    await worksWith(section, { settings: { caCert: certFile } });
    await worksWith(section, { settings: { insecureTls: true } });
    expect(await failureWith(section, { settings: { caCert: `${folder}/absent` } })).toMatchObject({ kind: 'usage' });
  });
});

describe('a cluster with low limits', () => {
  let server: Awaited<ReturnType<typeof startSwift>>;
  let remote: Remote;
  beforeAll(async () => {
    server = await startSwift({ tokenLife: 2, listingLimit: 5, maxFileSize: 300_000 });
    const { auth } = server.access;
    remote = await openSwift({ type: 'swift', auth, user: 'test:tester', key: 'testing', chunk_size: '128Ki' });
  });
  afterAll(async () => {
    await remote[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test('lists in pages of the cluster’s size', async () => {
    const names = Array.from({ length: 13 }, (_, i) => `${container}/${String(i).padStart(2, '0')}`);
    for (const name of names) await remote.write(name, sourceOf(Buffer.from(name)), {});
    const entries: Entry[] = [];
    for await (const page of remote.list(container)) entries.push(...page);
    expect(entries.map(({ path }) => path)).toEqual(names);
  });

  test('gets a new token before the old one ends', async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(1200);
      expect((await remote.stat(`${container}/00`)).size).toBe(`${container}/00`.length);
    }
  });

  test('takes more than its largest object in segments, and says so when it may not', async () => {
    const data = new Uint8Array(700_000).fill(7);
    await remote.write(`${container}/large`, sourceOf(data), {});
    expect(digest(await collect(remote.read(`${container}/large`)))).toBe(digest(data));
    const { auth } = server.access;
    const plain = await openSwift({ type: 'swift', auth, user: 'test:tester', key: 'testing' });
    await expect(plain.write(`${container}/x`, sourceOf(data), {})).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('chunk_size'),
    });
    await plain[Symbol.asyncDispose]();
  });

  test.for([
    ['500Ki', 1_000_000, / the store takes \d+: set chunk_size lower$/],
    ['1Ki', 10 * 2 ** 40, / the store takes \d+$/],
  ] as const)('with a chunk_size of %s a file of %i bytes fails before it is read', async ([chunk_size, size, why]) => {
    const { auth } = server.access;
    await using far = await openSwift({ type: 'swift', auth, user: 'test:tester', key: 'testing', chunk_size });
    const source: Source = {
      size,
      replayable: true,
      open() {
        throw new Error('was read');
      },
    };
    await expect(far.write(`${container}/x`, source, {})).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringMatching(why),
    });
  });
});
