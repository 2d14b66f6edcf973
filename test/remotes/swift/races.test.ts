import { createHash, hash, randomBytes } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { collect, type Source, sourceOf } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/failure.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import type { Answer } from '../http/lying-server.ts';
import { openLying } from './lying-store.ts';
import { openSwift } from './open-swift.ts';

const { remotes } = inject('lab');
const md5 = (text: string | Uint8Array): string => hash('md5', text);
const chunked = { chunk_size: '1Ki' };
const large = sourceOf(Buffer.alloc(1500, 'n'));
const stored = (request: string): Answer => ({
  status: 201,
  headers: { etag: md5('n'.repeat(request.endsWith('0') ? 1024 : 476)) },
});
const tagOf = (...segments: readonly string[]): string =>
  createHash('md5').update(segments.map(md5).join('')).digest('hex');
const largeTag = tagOf('n'.repeat(1024), 'n'.repeat(476));

/** What the store says of a static large object, and of its manifest. */
const isStatic = { 'x-static-large-object': 'True', etag: '"of segments"', 'content-length': '9' };
const manifestOf = (...names: readonly string[]): Answer => ({
  headers: { 'x-static-large-object': 'True', etag: 'm' },
  body: JSON.stringify(names.map((name) => ({ name: `/bucket_segments/file/${name}`, bytes: 4, hash: md5(name) }))),
});

test.for([
  ['removed', { status: 404 }],
  ['replaced by one in one piece', { headers: { etag: md5('abc') }, body: 'abc' }],
] as const)(
  'a large object that another has %s as it is replaced, removed or purged is no hindrance',
  async ([, answer]) => {
    await using remote = await openLying((request) => {
      if (request.startsWith('HEAD')) return { headers: isStatic };
      if (request.includes('manifest=get')) return answer;
      if (request.startsWith('GET /v1/AUTH_x/bucket?')) return { body: '[{"name":"file","bytes":9,"slo_etag":"x"}]' };
      return { status: request.startsWith('PUT') ? 201 : 204, headers: { etag: md5('abc') } };
    });
    expect(await remote.write('bucket/file', sourceOf(Buffer.from('abc')), {})).toMatchObject({ size: 3 });
    await remote.remove('bucket/file');
    await remote.purge?.('bucket');
  },
);

test.for([
  [10, '1Ki'],
  [2 << 20, '4Mi'],
  [1500, '1Ki'],
  [null, '4Mi'],
] as const)(
  'a source of %s bytes that is gone is told as such, and at once, in segments of %s',
  async ([size, chunk]) => {
    const answerTo = (request: string): Answer => ({ status: request.startsWith('HEAD') ? 404 : 201 });
    await using remote = await openLying(answerTo, 10, { chunk_size: chunk });
    let opens = 0;
    const source: Source = {
      size,
      replayable: size !== null,
      async *open() {
        opens++;
        yield Buffer.alloc(size === null ? 2 << 20 : 5);
        throw new Failure('folder-not-found', '/src/file: no such file');
      },
    };
    const writing = remote.write('bucket/file', source, {});
    await expect(writing).rejects.toMatchObject({ kind: 'changed', message: '/src/file: no such file' });
    expect(opens).toBeLessThanOrEqual(2);
  },
);

test('segments that another has put together anew stay', async () => {
  const removed: string[] = [];
  await using remote = await openLying((request) => {
    if (request.startsWith('DELETE')) removed.push(request);
    if (request.startsWith('DELETE')) return { status: 204 };
    if (request.startsWith('HEAD /v1/AUTH_x/bucket/file')) return { headers: isStatic };
    if (request.includes('manifest=get'))
      return removed.length === 0 ? manifestOf('1', '2', '3') : manifestOf('0', '2', '3');
    return undefined;
  });
  await remote.remove('bucket/file');
  expect(removed.slice(1)).toEqual(['DELETE /v1/AUTH_x/bucket_segments/file/1']);
});

test('a manifest that a later one has overtaken is put again', async () => {
  const manifests: string[] = [];
  await using remote = await openLying(
    (request) => {
      if (request.includes('/info')) return { body: '{"slo":{"max_manifest_size":1}}' };
      if (request.includes('manifest=put')) manifests.push(request);
      if (request.includes('manifest=put'))
        return manifests.length < 3 ? { status: 202 } : { status: 201, headers: { etag: largeTag } };
      if (request.startsWith('PUT')) return stored(request);
      return undefined;
    },
    5,
    chunked,
  );
  expect(await remote.write('bucket/file', large, { isNew: true })).toMatchObject({ size: 1500 });
  expect(manifests).toHaveLength(3);
});

test('a dynamic large object that another has replaced at once is stored, and its segments go', async () => {
  const removed: string[] = [];
  let isPut = false;
  await using remote = await openLying(
    (request) => {
      if (request.startsWith('PUT /v1/AUTH_x/bucket/file')) isPut = true;
      if (request.startsWith('PUT')) return stored(request);
      if (request.startsWith('DELETE')) removed.push(request.replace(/\d+\.\d+/, 'TIME'));
      if (request.startsWith('DELETE')) return { status: 204 };
      if (!request.startsWith('HEAD /v1/AUTH_x/bucket/file') || !isPut) return undefined;
      return { headers: { etag: 'x', 'content-length': '7', 'x-object-manifest': 'bucket_segments/file/1.5/7' } };
    },
    1,
    chunked,
  );
  expect(await remote.write('bucket/file', large, {})).toMatchObject({ size: 1500 });
  const folder = 'DELETE /v1/AUTH_x/bucket_segments/file/TIME/1500';
  expect(removed.sort()).toEqual([`${folder}/00000000`, `${folder}/00000001`]);
});

const plainObject = (text: string, timestamp: string): Answer => ({
  headers: { etag: md5(text), 'content-length': `${text.length}`, 'x-timestamp': timestamp },
});

/** A store on which `before` stands until a dynamic large object is put, and `after` from then on. Tells what was removed. */
async function openOvertaken(
  before: Answer | undefined,
  after: Answer,
): Promise<{ remote: Remote; removed: string[] }> {
  const removed: string[] = [];
  let isPut = false;
  const remote = await openLying(
    (request) => {
      if (request.startsWith('PUT /v1/AUTH_x/bucket/file')) isPut = true;
      if (request.startsWith('PUT')) return stored(request);
      if (request.startsWith('DELETE')) removed.push(request.replace(/.*AUTH_x/, '').replace(/\d+\.\d+/, 'TIME'));
      if (request.startsWith('DELETE')) return { status: 204 };
      if (request.startsWith('HEAD /v1/AUTH_x/bucket/file')) return isPut ? after : before;
      return undefined;
    },
    1,
    chunked,
  );
  return { remote, removed };
}

test.for([
  ['nothing', undefined],
  ['other bytes', plainObject('before', '1.00001')],
  ['the same bytes, stored earlier', plainObject('small', '1.00001')],
] as const)(
  'a dynamic large object in place of %s that one in one piece has replaced at once is stored, and its segments go',
  async ([, before]) => {
    const { remote, removed } = await openOvertaken(before, plainObject('small', '1.00002'));
    await using _ = remote;
    expect(await remote.write('bucket/file', large, {})).toMatchObject({ size: 1500 });
    const folder = '/bucket_segments/file/TIME/1500';
    expect(removed.sort()).toEqual([`${folder}/00000000`, `${folder}/00000001`]);
  },
);

test.for([
  ['what stood there before', plainObject('before', '1.00001')],
  ['an object without bytes', plainObject('', '1.00002')],
] as const)('a store that shows %s in place of a dynamic large object has lost it', async ([, after]) => {
  const { remote } = await openOvertaken(plainObject('before', '1.00001'), after);
  await using _ = remote;
  await expect(remote.write('bucket/file', large, {})).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
});

test.for([9, 12 << 20])('a new start is not put to what others stored meanwhile in place of %i bytes', async (size) => {
  let looks = 0;
  const put: string[] = [];
  await using remote = await openLying((request) => {
    if (request.includes('/info')) return { body: '{"slo":{"max_manifest_size":1}}' };
    if (request.startsWith('PUT')) put.push(request.replace(/.*AUTH_x/, ''));
    if (request.startsWith('PUT')) return { status: 201, headers: { etag: md5('new') } };
    if (request.startsWith('HEAD') && request.includes('_segments/'))
      return { headers: { etag: 'y', 'content-length': `${size - 3}` } };
    if (request.startsWith('HEAD'))
      return { headers: { etag: looks++ === 0 ? 'a' : 'b', 'content-length': `${size}` } };
    if (request.startsWith('GET'))
      return { status: 206, headers: { etag: 'a', 'content-range': 'bytes 3-8/9' }, body: '345678' };
    return undefined;
  });
  const start = { length: 3, bytes: Buffer.from('new'), tag: 'a' };
  await expect(remote.replaceStart?.('bucket/file', start)).rejects.toMatchObject({ kind: 'changed' });
  expect(put.filter((target) => target.startsWith('/bucket/file'))).toEqual([]);
});

test.for([412, 201])(
  'a source that changes while it is copied does not cost the target (status %i)',
  async (status) => {
    const removed: string[] = [];
    let source = 'old';
    await using remote = await openLying((request) => {
      if (request.startsWith('DELETE')) removed.push(request);
      if (request.startsWith('PUT')) source = 'new';
      if (request.startsWith('PUT')) return { status, headers: { etag: md5(source) } };
      return { headers: { 'content-length': '3', etag: md5(source) } };
    });
    await expect(remote.copy?.('bucket/file', 'bucket/copy')).rejects.toMatchObject({
      ...{ kind: 'changed', path: 'bucket/file', retryable: true },
    });
    expect(removed).toEqual([]);
  },
);

test('an upload to a container that others remove again and again can be tried again', async () => {
  await using remote = await openLying((request) =>
    request === 'PUT /v1/AUTH_x/bucket' ? { status: 201 } : { status: 404 },
  );
  await expect(remote.write('bucket/file', sourceOf(Buffer.from('abc')), {})).rejects.toMatchObject({
    retryable: true,
  });
});

test('a dynamic large object of which only a part is shown is not read', async () => {
  const headers = { etag: 'x', 'x-object-manifest': 'bucket_segments/file/1700000000.25/9' };
  await using remote = await openLying((request) => {
    if (!request.startsWith('GET')) return { headers: { ...headers, 'content-length': '3' } };
    return { headers: { ...headers, 'content-length': '3' }, body: 'abc' };
  });
  const shortened = { kind: 'corrupt', retryable: true };
  await expect(collect(remote.read('bucket/file'))).rejects.toMatchObject(shortened);
  await expect(remote.open?.('bucket/file')).rejects.toMatchObject(shortened);
});

test('a time that is set as another object takes the place of a dynamic one is an error', async () => {
  let etag = 'x';
  await using remote = await openLying((request) => {
    if (request.startsWith('POST')) {
      etag = 'y';
      return { status: 202 };
    }
    return { headers: { etag, 'content-length': '3', 'x-object-manifest': 'bucket_segments/file/1.5/3' } };
  });
  await expect(remote.setModified?.('bucket/file', 1n)).rejects.toMatchObject({ kind: 'changed' });
});

for (const name of ['swift-v1', 'ceph-v1'] as const) {
  test(`of two uploads in segments to ${name} the later one wins whole and leaves no segments of the other`, async () => {
    const bucket = `races-${name}`;
    await using remote = await openSwift({ ...remotes[name], chunk_size: '64Ki' });
    let release = (): void => {};
    const isOtherStored = new Promise<void>((resolve) => {
      release = resolve;
    });
    const late = randomBytes(200_000);
    /** Gives its bytes when the other upload is done. */
    const held: Source = {
      ...sourceOf(late),
      async *open(range) {
        await isOtherStored;
        yield* sourceOf(late).open(range);
      },
    };
    const later = remote.write(`${bucket}/file`, held, {});
    await remote.write(`${bucket}/file`, sourceOf(randomBytes(150_000)), {}).finally(release);
    await later;
    expect(md5(await collect(remote.read(`${bucket}/file`)))).toBe(md5(late));
    await remote.remove(`${bucket}/file`);
    expect(await entriesOf(remote.walk?.(`${bucket}_segments`) ?? remote.list(`${bucket}_segments`))).toEqual([]);
    await remote.purge?.(`${bucket}_segments`);
    await remote.purge?.(bucket);
  });
}
