import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../remotes/http/listen.ts';
import { createBench, writeTree } from './run.ts';

const bench = createBench('vanished');
const content = 'hello';

/** A store with the objects `bucket/stays` and `bucket/goes`: somebody removes the second one once it has been listed. */
async function storeWhereOneGoes(): Promise<{ readonly remote: string; readonly there: Map<string, string> }> {
  const there = new Map([
    ['goes', content],
    ['stays', content],
  ]);
  let isGone = false;
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    const key = url.replace(/^\/bucket\/?|\?.*/g, '');
    const body = Buffer.concat(await request.toArray()).toString();
    if (method === 'PUT') there.set(key, body);
    const text = there.get(key);
    if (key === '') {
      response.end(listingOf(there));
      if (!isGone) isGone = there.delete('goes');
    } else if (text === undefined) {
      response.writeHead(404).end();
    } else {
      response.writeHead(200, headersOf(text)).end(method === 'GET' ? text : '');
    }
  });
  const options = 'provider=Other,access_key_id=a,secret_access_key=s,no_check_bucket=true';
  return { remote: `:s3,${options},endpoint='http://${await listen(server)}':bucket`, there };
}

function listingOf(objects: ReadonlyMap<string, string>): string {
  const listed = [...objects].map(
    ([name, { length }]) =>
      `<Contents><Key>${name}</Key><Size>${length}</Size><LastModified>2024-01-01T00:00:00Z</LastModified></Contents>`,
  );
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${listed.join('')}</ListBucketResult>`;
}

function headersOf(text: string): Record<string, string> {
  const etag = `"${createHash('md5').update(text).digest('hex')}"`;
  return { etag, 'x-amz-meta-mtime': '1000000000' };
}

beforeEach(() => {
  rmSync(bench.path('src'), { recursive: true, force: true });
  rmSync(bench.path('dst'), { recursive: true, force: true });
});

describe.each(['coffer', 'rclone'] as const)('where a file goes after it was listed, %s', (program) => {
  test.each(['copy', 'sync', 'move'])('tries the %s of what is left', async (command) => {
    const { code, stderr } = await bench[program]([command, (await storeWhereOneGoes()).remote, 'dst']);
    expect(stderr).toContain('ERROR : Attempt 1/3 failed with 1 errors and: ');
    expect(readdirSync(bench.path('dst'))).toEqual(['stays']);
    expect(code, stderr).toBe(0);
  });

  test('tells that one is left out where it may not try again', async () => {
    const { code } = await bench[program](['copy', (await storeWhereOneGoes()).remote, 'dst', '--retries', '1']);
    expect(readdirSync(bench.path('dst'))).toEqual(['stays']);
    expect(code).toBe(1);
  });

  test('brings the file that was to be compared with it', async () => {
    writeTree(bench.path('src'), { goes: 'other' }, new Date(1_000_000_000_000));
    const { remote, there } = await storeWhereOneGoes();
    const { code, stderr } = await bench[program](['copy', 'src', remote]);
    expect(code, stderr).toBe(0);
    expect(Object.fromEntries(there)).toEqual({ goes: 'other', stays: content });
  });
});

test('a file that was named and is not there is looked for once', async () => {
  const { code, stderr } = await bench.coffer(['copyto', 'missing', 'dst']);
  expect(stderr).not.toContain('Attempt');
  expect(code).toBe(3);
});
