import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBench } from './run.ts';

const bench = createBench('archived');
const content = 'hello';
const etag = `"${createHash('md5').update(content).digest('hex')}"`;
const described = {
  'content-length': String(content.length),
  ...{ etag, 'x-amz-storage-class': 'GLACIER', 'x-amz-meta-mtime': '1000000000' },
};
const refusal = '<Error><Code>InvalidObjectState</Code><Message>The operation is not valid</Message></Error>';
const puts: string[] = [];

/** A store whose only object, `bucket/f`, is in an archive: it can be looked at and replaced, and neither read nor copied. */
const server = createServer((request, response) => {
  const { method = '', url = '', headers } = request;
  const list = `<ListBucketResult><Contents><Key>f</Key><Size>5</Size><ETag>${etag}</ETag></Contents></ListBucketResult>`;
  request.resume().once('end', () => {
    if (method === 'HEAD') return response.writeHead(200, described).end();
    if (method === 'PUT' && headers['x-amz-copy-source'] === undefined) {
      puts.push(url);
      return response.writeHead(200, { etag }).end();
    }
    if (method === 'GET' && url.startsWith('/bucket?')) return response.end(list);
    return response.writeHead(403).end(refusal);
  });
});
let remote = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = { provider: 'Other', access_key_id: 'a', secret_access_key: 's', no_check_bucket: 'true' };
  const text = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  remote = `:s3,${text},endpoint='http://127.0.0.1:${port}':bucket`;
  writeFileSync(`${bench.folder}/f`, content);
});
afterAll(() => void server.close());

describe('an object in an archive', () => {
  test.each(['coffer', 'rclone'] as const)('is sent again by %s where only its time differs', async (program) => {
    puts.length = 0;
    const { code, stderr } = await bench[program](['copyto', 'f', `${remote}/f`, '-v', '--retries', '1']);
    expect(stderr).toContain("src and dst identical but can't set mod time without re-uploading");
    expect({ code, puts: puts.length }).toEqual({ code: 0, puts: 1 });
  });

  test.each([
    [['cat', 'f'], 'cannot read bucket/f'],
    [['copyto', 'f', 'here'], 'cannot read bucket/f'],
    [['touch', 'f'], 'cannot set the modification time of bucket/f'],
  ])('%s says what to do', async ([command = '', name = '', ...rest], what) => {
    const { code, stderr } = await bench.coffer([command, `${remote}/${name}`, ...rest, '--retries', '1']);
    expect(stderr).toContain(`${what}: it is archived: have the store restore it first`);
    expect(code).toBe(1);
  });
});
