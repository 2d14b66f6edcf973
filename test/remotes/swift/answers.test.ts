import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import { isFailure } from '../../../src/core/failure.ts';
import type { Call } from '../../../src/core/remote.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createHttpClient } from '../../../src/remotes/http/client.ts';
import { readCapabilities } from '../../../src/remotes/swift/capabilities.ts';
import { createService } from '../../../src/remotes/swift/service.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { listen } from '../http/listen.ts';
import { openLying } from './lying-store.ts';
import { openSwift, testSettings } from './open-swift.ts';

const md5 = (text: string): string => hash('md5', text);

test.for([
  '',
  '{}',
  'null',
  '<html>',
  '[1]',
  '[null]',
  '[[]]',
  '[{"name":5}]',
  '[{"subdir":{}}]',
  '[{"name":"a","bytes":"1"}]',
])('a listing that is %s is an error of the store', async (body) => {
  await using remote = await openLying(() => ({ body }));
  await expect(entriesOf(remote.list('bucket'))).rejects.toSatisfy((error) => isFailure(error, 'transient'));
});

test('a listing of no content is empty', async () => {
  await using remote = await openLying(() => ({ status: 204 }));
  expect(await entriesOf(remote.list('bucket'))).toEqual([]);
});

test.for([
  ['beside the folder', [{ name: 'd/f' }, { name: 'other/f' }]],
  ['a folder beside it', [{ subdir: 'e/' }]],
  ['below its folders', [{ name: 'd/e/f' }]],
] as const)(
  'a listing that names what is %s was not asked for, and nothing of it is removed',
  async ([where, page]) => {
    const removals: string[] = [];
    await using remote = await openLying((request) => {
      if (request.startsWith('GET')) return { body: JSON.stringify(request.includes('/info') ? {} : page) };
      removals.push(request);
      return { status: 204 };
    });
    await expect(entriesOf(remote.list('bucket/d'))).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
    if (where === 'below its folders') return;
    await expect(remote.purge?.('bucket/d')).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
    expect(removals).toEqual([]);
  },
);

test.for(['[{"bytes":5}]', '[{"name":"","bytes":5}]'])(
  'of a bucket whose listing is %s nothing is purged',
  async (page) => {
    const removals: string[] = [];
    await using remote = await openLying((request) => {
      if (request.startsWith('GET')) return { body: request.includes('/info') ? '{}' : page };
      if (!request.startsWith('HEAD')) removals.push(request);
      return { status: 204 };
    });
    await expect(remote.purge?.('bucket')).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
    expect(removals).toEqual([]);
  },
);

test.for([
  ['names other bytes', { etag: md5('xyz') }],
  ['names none', {}],
] as const)('an upload whose answer %s is stored if the store shows it', async ([, headers]) => {
  let stands = 'xyz';
  await using remote = await openLying((request) =>
    request.startsWith('HEAD') ? { headers: { 'content-length': '3', etag: md5(stands) } } : { status: 202, headers },
  );
  const write = (): Promise<unknown> => remote.write('bucket/file', sourceOf(Buffer.from('abc')), { isNew: true });
  await expect(write()).rejects.toSatisfy((error) => isFailure(error, 'corrupt', 'transient') && error.retryable);
  stands = 'abc';
  if (!('etag' in headers)) expect(await write()).toMatchObject({ size: 3 });
});

test.for(['', 'else'])(
  'a small upload that a later one of another has overtaken is sent again (tag: %j)',
  async (tag) => {
    const sent: string[] = [];
    await using remote = await openLying((request) => {
      if (request.startsWith('PUT')) sent.push(request);
      const stands = { etag: md5(sent.length < 3 ? 'xyz' : 'abc') };
      if (request.startsWith('HEAD')) return { headers: { 'content-length': '3', ...stands } };
      if (sent.length === 3) return { status: 201, headers: stands };
      return { status: 202, headers: tag === '' ? {} : { etag: md5(tag) } };
    }, 5);
    const written = await remote.write('bucket/file', sourceOf(Buffer.from('abc')), { isNew: true });
    expect(written).toMatchObject({ size: 3, tag: md5('abc') });
    expect(sent).toHaveLength(3);
  },
);

test('a copy whose request has lost its source on the way is none, and does not stay', async () => {
  const removals: string[] = [];
  await using remote = await openLying((request) => {
    if (request.startsWith('DELETE')) removals.push(request);
    const headers = request.includes('/file') ? { 'content-length': '3', etag: md5('abc') } : { etag: md5('') };
    return { status: request.startsWith('HEAD') ? 200 : 201, headers };
  });
  await expect(remote.copy?.('bucket/file', 'bucket/copy')).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
  expect(removals).toEqual(['DELETE /v1/AUTH_x/bucket/copy']);
});

test('a copy whose answer is that of another request leaves what stands there', async () => {
  const removals: string[] = [];
  await using remote = await openLying((request) => {
    if (request.startsWith('DELETE')) removals.push(request);
    const stands = request.includes('/file') ? 'abc' : 'old';
    return request.startsWith('HEAD')
      ? { headers: { 'content-length': '3', etag: md5(stands) } }
      : { status: 201, headers: { etag: md5('else') } };
  });
  await expect(remote.copy?.('bucket/file', 'bucket/copy')).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
  expect(removals).toEqual([]);
});

test('a large object is not copied from a listing that shows only some of its segments', async () => {
  const made: string[] = [];
  await using remote = await openLying((request) => {
    if (request.startsWith('PUT')) made.push(request);
    if (request.startsWith('HEAD') && request.includes('/file'))
      return { headers: { 'content-length': '9', etag: 'x', 'x-object-manifest': 'bucket_segments/file/1/' } };
    if (request.startsWith('GET /v1/AUTH_x/bucket_segments'))
      return { body: JSON.stringify([{ name: 'file/1/00000000', bytes: 5, hash: md5('12345') }]) };
    return { status: request.startsWith('PUT') ? 201 : 404, headers: { etag: md5('12345') } };
  });
  await expect(remote.copy?.('bucket/file', 'bucket/copy')).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
  expect(made).toEqual([]);
});

test('a folder in a listing of all that is below does not stand for what is in it', async () => {
  await using remote = await openLying(() => ({ body: '[{"subdir":"d/e/"}]' }));
  await expect(entriesOf(remote.walk?.('bucket/d') ?? remote.list('bucket/d'))).rejects.toSatisfy((error) =>
    isFailure(error, 'corrupt'),
  );
  expect(await entriesOf(remote.list('bucket/d'))).toHaveLength(1);
});

test('a page that asks for a login is no file, and nothing that was stored, copied or removed', async () => {
  await using remote = await openLying(() => ({ body: '<html>who are you?</html>' }));
  for (const work of [
    () => entriesOf(remote.list('bucket')),
    () => remote.stat('bucket/file'),
    () => remote.open?.('bucket/file'),
    () => remote.write('bucket/file', sourceOf(Buffer.from('abc')), { isNew: true }),
    () => remote.write('bucket/file', sourceOf(new Uint8Array(2 << 20)), { isNew: true }),
    () => remote.copy?.('bucket/file', 'bucket/copy'),
    () => remote.removeDir('bucket'),
  ]) {
    await expect(Promise.resolve(work())).rejects.toSatisfy((error) => isFailure(error, 'corrupt', 'transient'));
  }
});

test('a store that gives the same page again and again is not listed for ever', async () => {
  const page = Array.from({ length: 1000 }, (_, index) => ({ name: `f${String(index).padStart(4, '0')}`, bytes: 1 }));
  await using remote = await openLying(() => ({ body: JSON.stringify(page) }));
  await expect(entriesOf(remote.list('bucket'))).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
});

test('a store that gives two pages in turn is not listed for ever', async () => {
  const pageOf = (letter: string) =>
    Array.from({ length: 1000 }, (_, index) => ({ name: `${letter}${String(index).padStart(4, '0')}`, bytes: 1 }));
  let pages = 0;
  await using remote = await openLying(() => ({ body: JSON.stringify(pageOf(pages++ % 2 ? 'a' : 'b')) }));
  await expect(entriesOf(remote.list('bucket'))).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
});

const poor = {
  hasStaticLargeObjects: false,
  mostSegments: 1000,
  smallestSegment: 1,
  bulkDeletes: 0,
  uploaderOwns: true,
};
test.for([
  ['null', poor],
  ['[]', poor],
  ['x', poor],
  ['{"slo":5,"bulk_delete":null}', poor],
  ['{"slo":{"max_manifest_segments":0,"min_segment_size":"1"},"swift":{"max_file_size":"x"}}', poor],
  [
    '{"slo":{"max_manifest_size":1},"bulk_delete":{"max_deletes_per_request":-1}}',
    { mostSegments: 1000, bulkDeletes: 1000 },
  ],
] as const)('a cluster that says %s of itself is taken to have what every Swift has', async ([info, capabilities]) => {
  const url = `http://${await listen(createServer((_, response) => response.end(info)))}`;
  await using http = createHttpClient(testSettings);
  const session = { grant: async () => ({ token: '', storageUrl: `${url}/v1/x`, expires: null }) };
  const service = createService(http, { ...session, renew: session.grant }, testSettings, silentReport);
  expect(await readCapabilities(service, silentReport)).toMatchObject({ largestObject: 5 * 2 ** 30, ...capabilities });
});

test('a manifest that makes no sense keeps a file from being removed without its segments', async () => {
  const headers = { etag: 'x', 'x-static-large-object': 'True', 'content-length': '9' };
  await using remote = await openLying((request) => (request.startsWith('GET') ? { body: '{}' } : { headers }));
  await expect(remote.remove('bucket/file')).rejects.toSatisfy((error) => isFailure(error, 'transient'));
});

test('a small file that replaces nothing is one request', async () => {
  const requests: string[] = [];
  await using remote = await openLying((request) => {
    requests.push(request);
    return { status: 201, headers: { etag: md5('abc') } };
  });
  await remote.write('bucket/file', sourceOf(Buffer.from('abc')), { isNew: true });
  expect(requests).toEqual(['PUT /v1/AUTH_x/bucket/file']);
});

test('a container that is being made for others is made again when their work is broken off', async () => {
  const stop = new AbortController();
  let made = 0;
  let tellAsked = (): void => {};
  const asked = new Promise<void>((resolve) => {
    tellAsked = resolve;
  });
  // The first request for the container is never answered: who made it gives up, when another waits for it as well.
  const server = createServer((request, response) => {
    const isContainer = request.url === '/v1/AUTH_x/bucket';
    if (isContainer && ++made === 1) return tellAsked();
    if (!isContainer && made === 1) setTimeout(() => stop.abort(), 100);
    request.resume().once('end', () => response.writeHead(made < 2 ? 404 : 201, { etag: md5('b') }).end());
  });
  const storage_url = `http://${await listen(server)}/v1/AUTH_x`;
  await using remote = await openSwift({ storage_url, auth_token: 'x' });
  const write = (name: string, call?: Call) =>
    remote.write(`bucket/${name}`, sourceOf(Buffer.from(name)), { isNew: true }, call);
  const broken = expect(write('a', { signal: stop.signal })).rejects.toMatchObject({ kind: 'cancelled' });
  await asked;
  await write('b');
  await broken;
});

test('a cluster that could not be asked about itself is asked again', async () => {
  let questions = 0;
  const server = createServer((request, response) => {
    if (request.url === '/info' && ++questions === 1) request.socket.destroy();
    else if (request.method === 'DELETE') response.writeHead(204).end();
    else response.end(request.url === '/info' ? '{"bulk_delete":{}}' : '[{"name":"a","bytes":1}]');
  });
  const storage_url = `http://${await listen(server)}/v1/AUTH_x`;
  await using remote = await openSwift({ storage_url, auth_token: 'x' }, { settings: { lowLevelRetries: 1 } });
  await expect(remote.purge?.('bucket')).rejects.toMatchObject({ kind: 'transient' });
  await remote.purge?.('bucket');
  expect(questions).toBe(2);
});
