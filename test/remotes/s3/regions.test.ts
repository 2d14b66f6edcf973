import { createServer, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import { silentReport } from '../../../src/core/report.ts';
import type { Fault } from '../../../src/remotes/s3/faults.ts';
import { createRegions } from '../../../src/remotes/s3/regions.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { listen } from '../http/listen.ts';
import { openS3 } from './open.ts';

// The answers are those of "Error responses" and "Request redirection and the REST API" of the S3 user guide.
const malformed = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region><RequestId>A</RequestId><HostId>B</HostId></Error>`;
const permanent = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.</Message><Bucket>b</Bucket><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint><RequestId>A</RequestId><HostId>B</HostId></Error>`;
const temporary = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>TemporaryRedirect</Code><Message>Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.</Message><Endpoint>b.s3-eu-west-1.amazonaws.com</Endpoint><Bucket>b</Bucket></Error>`;
const listing = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix></Prefix><KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents><Key>file</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;0cc175b9c0f1b6a831c399e269772661&quot;</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>`;

const regionOf = ({ headers }: IncomingMessage): string =>
  /Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '';

/** A store whose bucket is in eu-west-1, and what it was asked: method and region. */
async function startStore(refuse: { status: number; body: string; headers?: Record<string, string> }) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      asked.push(`${request.method} ${regionOf(request)}`);
      if (regionOf(request) !== 'eu-west-1') {
        response.writeHead(refuse.status, { ...refuse.headers });
        response.end(request.method === 'HEAD' ? '' : refuse.body);
      } else if (request.method === 'GET') {
        response.end(listing);
      } else {
        response.writeHead(200, { etag: '"0cc175b9c0f1b6a831c399e269772661"', 'content-length': '0' });
        response.end();
      }
    });
  });
  return { asked, endpoint: `http://${await listen(server)}` };
}

const keys = { type: 's3', provider: 'AWS', access_key_id: 'id', secret_access_key: 'secret' };

describe('a bucket in another region', () => {
  const header = { 'x-amz-bucket-region': 'eu-west-1' };
  test.for([
    ['400 with the region that is expected', { status: 400, body: malformed }],
    ['301 with the region in a header', { status: 301, body: permanent, headers: header }],
    ['301 with the address alone', { status: 301, body: permanent }],
    ['307 with the address alone', { status: 307, body: temporary }],
  ] as const)('is found by %s, asked for once and told', async ([, refusal]) => {
    const { asked, endpoint } = await startStore(refusal);
    const notices: string[] = [];
    const report = {
      ...silentReport,
      notice: (subject: string, text: string) => void notices.push(`${subject}: ${text}`),
    };
    await using remote = await openS3({ ...keys, endpoint }, { report });
    expect((await entriesOf(remote.list('b'))).map(({ path }) => path)).toEqual(['b/file']);
    await remote.write('b/file', sourceOf(Buffer.from('a')), {});
    expect(asked).toEqual(['GET us-east-1', 'GET eu-west-1', 'PUT eu-west-1']);
    expect(notices).toEqual(['b: its region is eu-west-1, not us-east-1: set region = eu-west-1']);
  });

  test.for([400, 301])('is found by an answer without words, %i, to a HEAD', async (status) => {
    const { asked, endpoint } = await startStore({ status, body: '', headers: header });
    await using remote = await openS3({ ...keys, endpoint });
    await remote.stat('b/file');
    expect(asked).toEqual(['HEAD us-east-1', 'HEAD eu-west-1']);
  });

  test.for([
    ['no region', { status: 301, body: '' }],
    ['the region that was asked', { status: 400, body: malformed.replaceAll('eu-west-1', 'us-east-1') }],
    ['a region that is none', { status: 301, body: '', headers: { 'x-amz-bucket-region': 'x.example.org/' } }],
  ] as const)('is not looked for at %s', async ([, refusal]) => {
    const { asked, endpoint } = await startStore(refusal);
    await using remote = await openS3({ ...keys, endpoint });
    await expect(entriesOf(remote.list('b'))).rejects.toMatchObject({ kind: 'usage', message: /check region/ });
    expect(asked).toEqual(['GET us-east-1']);
  });

  test("is asked for at AWS's address of that region, other buckets where they were", () => {
    const regions = createRegions('', 'us-east-1', false, silentReport);
    const fault: Fault = { status: 301, code: '', message: '', region: 'eu-west-1', retryAfter: undefined };
    const originOf = (bucket: string) => regions.of(bucket).endpoint.address(bucket, 'key').origin;
    expect(regions.learn('first', regions.of('first'), fault)).toBe(true);
    expect(originOf('first')).toBe('https://first.s3.eu-west-1.amazonaws.com');
    expect(originOf('other')).toBe('https://other.s3.us-east-1.amazonaws.com');
    expect(regions.learn('first', regions.of('first'), fault)).toBe(false);
  });
});

test('a bucket that is made without its region says which option is missing', async () => {
  const body =
    '<Error><Code>IllegalLocationConstraintException</Code><Message>The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.</Message></Error>';
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(request.method === 'HEAD' ? 404 : 400);
    response.end(request.method === 'HEAD' ? '' : body);
  });
  await using remote = await openS3({ ...keys, region: 'eu-west-1', endpoint: `http://${await listen(server)}` });
  await expect(remote.makeDir('new')).rejects.toMatchObject({ kind: 'usage', message: /set location_constraint/ });
});
