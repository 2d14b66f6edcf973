import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { silentReport } from '../../../src/core/report.ts';
import { createCredentialSource } from '../../../src/remotes/s3/credentials.ts';
import { createEndpoint } from '../../../src/remotes/s3/endpoint.ts';
import { createHeaders } from '../../../src/remotes/s3/headers.ts';
import { partSizeFor } from '../../../src/remotes/s3/parts.ts';
import { dialectOf } from '../../../src/remotes/s3/providers.ts';
import { listen } from '../http/listen.ts';
import { openS3, parseOptions } from './open.ts';

describe('the address of an object', () => {
  test.for([
    ['https://a3s.fi', 'us-east-1', true, 'https://a3s.fi/bucket/a%20b/c'],
    ['a3s.fi', 'us-east-1', true, 'https://a3s.fi/bucket/a%20b/c'],
    ['http://127.0.0.1:8080/base/', 'us-east-1', false, 'http://127.0.0.1:8080/base/bucket/a%20b/c'],
    ['https://s3.example.org', 'x', false, 'https://bucket.s3.example.org/a%20b/c'],
    ['', 'eu-north-1', false, 'https://bucket.s3.eu-north-1.amazonaws.com/a%20b/c'],
    ['', 'cn-north-1', true, 'https://s3.cn-north-1.amazonaws.com.cn/bucket/a%20b/c'],
  ] as const)('%s in %s, path style %s', ([endpoint, region, pathStyle, url]) => {
    const { origin, path } = createEndpoint(endpoint, region, pathStyle).address('bucket', 'a b/c');
    expect(origin + path).toBe(url);
  });

  test('a bucket that no certificate or host name fits stands in the path', () => {
    const endpoint = createEndpoint('https://s3.example.org', 'x', false);
    expect(endpoint.address('a.b', 'k').path).toBe('/a.b/k');
    expect(endpoint.address('Upper_Case', '').path).toBe('/Upper_Case');
    expect(endpoint.address('', '').path).toBe('/');
  });

  // A share may name a region, and then the login of the environment would go there.
  test.for(['evil.example/', 'x#', 'a.b', '', 'eu north'])('the region "%s" names no other host', (region) => {
    expect(() => createEndpoint('', region, false)).toThrow(expect.objectContaining({ kind: 'usage' }));
    expect(createEndpoint('https://s3.example.org', region, true).address('', '').origin).toBe(
      'https://s3.example.org',
    );
  });

  test.for(['http://', 'ftp://x', 'https://user:password@x', 'https://x/?a'])('%s is refused', (endpoint) => {
    expect(() => createEndpoint(endpoint, 'x', true)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

// "Retrieve instance metadata" and "security credentials from instance metadata" of the EC2 user guide.
const metadata: Readonly<Record<string, string>> = {
  'PUT /latest/api/token': 'v2-token',
  'GET /latest/meta-data/iam/security-credentials/': 'a-role',
  'GET /latest/meta-data/iam/security-credentials/a-role': JSON.stringify({
    Code: 'Success',
    LastUpdated: '2026-01-01T00:00:00Z',
    Type: 'AWS-HMAC',
    AccessKeyId: 'ASIA',
    SecretAccessKey: 'secret',
    Token: 'token',
    Expiration: '2126-01-01T00:00:00Z',
  }),
};

describe('keys', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coffer-s3-'));
    file = join(folder, 'credentials');
    await writeFile(
      file,
      '# mine\n[default]\naws_access_key_id = file-id\naws_secret_access_key=file=secret\n\n[ other ]\n' +
        'aws_access_key_id = other-id\naws_secret_access_key = other-secret\naws_session_token = other-token\n',
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  const find = (section: Record<string, string>, environment: Record<string, string> = {}) =>
    createCredentialSource('store:', parseOptions(section), environment)();

  test('come from the config first', async () => {
    const section = { env_auth: 'true', access_key_id: 'id', secret_access_key: 'secret', session_token: 'token' };
    expect(await find(section, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' })).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  test('come from the environment and the shared credentials file with env_auth alone', async () => {
    const environment = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y', AWS_SHARED_CREDENTIALS_FILE: file };
    expect(await find({}, environment)).toBeNull();
    expect(await find({ env_auth: 'true' }, environment)).toEqual({ accessKeyId: 'x', secretAccessKey: 'y' });
    const onlyFile = { AWS_SHARED_CREDENTIALS_FILE: file };
    expect(await find({ env_auth: 'true' }, onlyFile)).toEqual({
      accessKeyId: 'file-id',
      secretAccessKey: 'file=secret',
    });
    const other = { accessKeyId: 'other-id', secretAccessKey: 'other-secret', sessionToken: 'other-token' };
    expect(await find({ env_auth: 'true' }, { ...onlyFile, AWS_PROFILE: 'other' })).toEqual(other);
    expect(await find({ env_auth: 'true', profile: 'other', shared_credentials_file: file })).toEqual(other);
    // As with rclone, whose SDK takes the profile of its session first (aws-sdk-go, session/credentials.go).
    expect(await find({ env_auth: 'true', profile: 'other' }, environment)).toEqual(other);
  });

  test('come from a process that the shared credentials file of the config names', async () => {
    const answer = { Version: 1, AccessKeyId: 'of-the-file', SecretAccessKey: 'secret' };
    const named = join(folder, 'named');
    await writeFile(join(folder, 'named-answer'), JSON.stringify(answer));
    await writeFile(named, `[odd]\ncredential_process = cat ${join(folder, 'named-answer')}\n`);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    try {
      const section = { env_auth: 'true', profile: 'odd', shared_credentials_file: named };
      expect(await find(section)).toMatchObject({ accessKeyId: 'of-the-file' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('come from the machine itself, by a token of its metadata service', async () => {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url} ${request.headers['x-aws-ec2-metadata-token'] ?? '-'}`);
      response.end(metadata[`${request.method} ${request.url}`] ?? '');
    });
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', `http://${await listen(server)}`);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'none'));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'false');
    try {
      const keys = await find({ env_auth: 'true' }, { HOME: folder });
      expect(keys).toMatchObject({ accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token' });
      expect(keys?.expires).toBe(Date.parse('2126-01-01T00:00:00Z'));
      expect(requests).toEqual([
        'PUT /latest/api/token -',
        'GET /latest/meta-data/iam/security-credentials/ v2-token',
        'GET /latest/meta-data/iam/security-credentials/a-role v2-token',
      ]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('come from what AWS knows beyond that, without a word from its SDK', async () => {
    const config = join(folder, 'config');
    const answer = JSON.stringify({ Version: 1, AccessKeyId: 'from-process', SecretAccessKey: 'secret' });
    await writeFile(join(folder, 'answer'), answer);
    await writeFile(config, `[profile odd]\ncredential_process = cat ${join(folder, 'answer')}\n`);
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    vi.stubEnv('AWS_CONFIG_FILE', config);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    try {
      const section = { env_auth: 'true', profile: 'odd' };
      expect(await find(section)).toMatchObject({ accessKeyId: 'from-process', secretAccessKey: 'secret' });
      await expect(find({ env_auth: 'true', profile: 'no' })).rejects.toMatchObject({ kind: 'denied' });
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      process.off('warning', onWarning);
    }
  });

  test('half a pair, and a file that cannot be read, say so', async () => {
    expect(() => createCredentialSource('store:', parseOptions({ access_key_id: 'id' }), {})).toThrow(
      'secret_access_key is missing',
    );
    const missing = find({ env_auth: 'true', shared_credentials_file: join(folder, 'no') });
    await expect(missing).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining('cannot read') });
  });
});

describe('options', () => {
  test.for([
    [{ v2_auth: 'true' }, 'unsupported', 'v2_auth'],
    [{ versions: 'true', version_at: '1d' }, 'usage', 'versions or version_at'],
    [{ region: 'other-v2-signature' }, 'unsupported', 'other-v2-signature'],
    [{ chunk_size: '1Mi' }, 'usage', 'chunk_size'],
    [{ upload_cutoff: '6Gi' }, 'usage', 'upload_cutoff'],
    [{ list_version: '3' }, 'usage', 'list_version'],
    [{ provider: 'Ceph' }, 'usage', 'endpoint is missing'],
    [{ endpoint: 'ftp://x' }, 'usage', 'not an address'],
  ] as const)('%o is refused: %s', async ([section, kind, message]) => {
    await expect(openS3({ type: 's3', ...section })).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(message),
    });
  });

  test('the provider decides what the options leave open', () => {
    const dialect = (section: Record<string, string>) => dialectOf(parseOptions(section), silentReport, 'store:');
    expect(dialect({ provider: 'AWS' })).toMatchObject({ pathStyle: false, listVersion: 2, encodedListings: true });
    expect(dialect({ provider: 'Ceph' })).toMatchObject({ pathStyle: true, listVersion: 1, multipartEtags: true });
    expect(dialect({ provider: 'Other' })).toMatchObject({ pathStyle: true, multipartEtags: false });
    expect(dialect({ provider: 'Ceph', list_version: '2', list_url_encode: 'true' })).toMatchObject({
      listVersion: 2,
      encodedListings: true,
    });
  });

  test('keys of ours for the store to encrypt with go along with their MD5', () => {
    const key = '0123456789abcdef0123456789abcdef';
    const section = { sse_customer_algorithm: 'AES256', sse_customer_key: key, storage_class: 'COLD' };
    const { content, create, copy } = createHeaders(parseOptions(section), { upload: {}, download: {} });
    expect(content).toEqual({
      'x-amz-server-side-encryption-customer-algorithm': 'AES256',
      'x-amz-server-side-encryption-customer-key': Buffer.from(key).toString('base64'),
      'x-amz-server-side-encryption-customer-key-md5': 'hRasmdxgYDKV3nvbahU1MA==',
    });
    expect(create).toMatchObject({ ...content, 'x-amz-storage-class': 'COLD' });
    expect(copy).toHaveProperty('x-amz-copy-source-server-side-encryption-customer-key');
  });

  test('parts grow so that their number stays in bounds', () => {
    const limits = { chunkSize: 5 << 20, mostParts: 10_000 };
    expect(partSizeFor(1, limits)).toBe(5 << 20);
    expect(partSizeFor(50_000 * 2 ** 20, limits)).toBe(5 << 20);
    const size = 50_000 * 2 ** 20 + 1;
    expect(partSizeFor(size, limits)).toBe(6 << 20);
    expect(Math.ceil(size / partSizeFor(size, limits))).toBeLessThanOrEqual(10_000);
  });
});
