import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { pieceSize, type Source, sourceOf } from '../../../src/core/bytes.ts';
import type { Remote } from '../../../src/core/remote.ts';
import type { Section } from '../../servers/remotes.ts';
import { listen } from '../http/listen.ts';
import { openS3 } from './open.ts';

// As "PutObject", "UploadPart" and "HeadObject" of the S3 API reference show them for a bucket with default encryption.
const kms = {
  'x-amz-server-side-encryption': 'aws:kms',
  'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-north-1:111122223333:key/1234abcd',
};
const parts = { upload_cutoff: '5Mi', chunk_size: '5Mi' };

interface Asked {
  readonly what: string;
  readonly headers: IncomingHttpHeaders;
}

/** A bucket whose ETags are no MD5s, and the uploads that it was sent. */
async function openEncrypting(options: Section): Promise<{ remote: Remote; asked: Asked[] }> {
  const asked: Asked[] = [];
  const sizes = new Map<string, number>();
  const answer = ({ method, url = '', headers }: IncomingMessage, response: ServerResponse, length: number): void => {
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if (method === 'HEAD') response.setHeader('content-length', total);
    else asked.push({ what: `${method} ${url}`, headers });
    if (method === 'PUT') sizes.set(url, length);
    response.writeHead(200, { ...kms, etag: `"${randomBytes(16).toString('hex')}"` });
    if (method === 'POST') response.end(url.includes('uploads') ? begun : completed);
    else response.end();
  };
  const server = createServer((request, response) => {
    let length = 0;
    request.on('data', (piece: Buffer) => (length += piece.length));
    request.on('end', () => answer(request, response, length));
  });
  const endpoint = `http://${await listen(server)}`;
  const keys = { access_key_id: 'id', secret_access_key: 'secret', no_check_bucket: 'true' };
  return { remote: await openS3({ type: 's3', provider: 'Minio', endpoint, ...keys, ...parts, ...options }), asked };
}

const begun = `<?xml version="1.0" encoding="UTF-8"?>
<InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>b</Bucket><Key>f</Key><UploadId>id</UploadId></InitiateMultipartUploadResult>`;
const completed = `<?xml version="1.0" encoding="UTF-8"?>
<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Location>x</Location><Bucket>b</Bucket><Key>f</Key><ETag>"3858f62230ac3c915f300c664312c11f-3"</ETag></CompleteMultipartUploadResult>`;

const zeros = (size: number): Source => sourceOf(new Uint8Array(size));
const md5Of = (size: number): Buffer => createHash('md5').update(new Uint8Array(size)).digest();

describe('a bucket that encrypts by its own key management', () => {
  test.for([
    ['in one request', 10],
    ['as a stream', 2 * pieceSize],
    ['in parts', 11 << 20],
  ] as const)('takes a file %s, though no ETag is its MD5', async ([, size]) => {
    const { remote } = await openEncrypting({});
    await using _remote = remote;
    expect(await remote.write('b/f', zeros(size), {})).toMatchObject({ size });
    const { hashes, size: stored } = await remote.stat('b/f');
    expect({ hashes, stored }).toEqual({ hashes: undefined, stored: size });
  });
});

describe('the MD5 of a file whose ETag does not tell it', () => {
  const size = 6 << 20;
  const source = { ...zeros(size), md5: async () => md5Of(size).toString('hex') };
  const sent = (asked: readonly Asked[]) => asked.map(({ what, headers }) => [what, headers['x-amz-meta-md5chksum']]);

  test('goes along with the start of an upload in parts, where it is known', async () => {
    const { remote, asked } = await openEncrypting({});
    await using _remote = remote;
    await remote.write('b/f', source, {});
    await remote.write('b/f', zeros(size), {});
    expect(sent(asked).filter(([what]) => what === 'POST /b/f?uploads=')).toEqual([
      ['POST /b/f?uploads=', md5Of(size).toString('base64')],
      ['POST /b/f?uploads=', undefined],
    ]);
  });

  test('goes along with an upload in one where the options ask for encryption', async () => {
    const { remote, asked } = await openEncrypting({ server_side_encryption: 'aws:kms', upload_cutoff: '1Gi' });
    await using _remote = remote;
    await remote.write('b/f', source, {});
    expect(sent(asked)).toEqual([['PUT /b/f', md5Of(size).toString('base64')]]);
  });

  test('stays away with disable_checksum', async () => {
    const { remote, asked } = await openEncrypting({ disable_checksum: 'true' });
    await using _remote = remote;
    await remote.write('b/f', source, {});
    expect(sent(asked).every(([, md5]) => md5 === undefined)).toBe(true);
  });
});

test('a key of ours for the store to encrypt with does not go over the network in the clear', async () => {
  const key = { sse_customer_algorithm: 'AES256', sse_customer_key: '0123456789abcdef0123456789abcdef' };
  const { remote, asked } = await openEncrypting(key);
  await using _remote = remote;
  const refused = { kind: 'denied', message: expect.stringContaining('https') };
  for (const size of [10, 2 * pieceSize, 11 << 20]) {
    await expect(remote.write('b/f', zeros(size), {})).rejects.toMatchObject(refused);
  }
  await expect(remote.stat('b/f')).rejects.toMatchObject(refused);
  expect(asked).toEqual([]);
});
