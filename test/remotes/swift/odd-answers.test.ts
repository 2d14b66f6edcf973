import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import { isFailure } from '../../../src/core/failure.ts';
import { pause } from '../../../src/core/pause.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { oddVariants } from '../../odd-json.ts';
import { listen } from '../http/listen.ts';
import { type Answer, serveLies } from '../http/lying-server.ts';
import { openLying } from './lying-store.ts';
import { openSwift } from './open-swift.ts';

async function failsClearly(work: Promise<unknown>, given: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isFailure(error)) throw new Error(given, { cause: error });
    expect(error.message).not.toMatch(/undefined|\[object/);
  }
}

const emptyMd5 = 'd41d8cd98f00b204e9800998ecf8427e';
const settings = { settings: { lowLevelRetries: 1 } };
const endpoint = { interface: 'public', region: 'r', url: 'http://127.0.0.1:9/v1/AUTH_x' };
const v3 = {
  token: { expires_at: '2030-01-31T12:00:00Z', catalog: [{ type: 'object-store', endpoints: [endpoint] }] },
};
const v2 = {
  access: {
    token: { id: 'x', expires: '2030-01-31T12:00:00Z' },
    serviceCatalog: [{ type: 'object-store', endpoints: [{ publicURL: endpoint.url, region: 'r' }] }],
  },
};

test.for([
  ['v3', v3],
  ['v2.0', v2],
] as const)('whatever a Keystone %s answers to a login is used or a failure', async ([version, usual]) => {
  let body = '';
  const auth = `${await serveLies((request) => (request.startsWith('POST') ? { body, headers: { 'x-subject-token': 't' } } : undefined))}/${version}`;
  for (const variant of oddVariants(usual)) {
    body = JSON.stringify(variant);
    await using remote = await openSwift({ auth, user: 'u', key: 'k' }, settings);
    await failsClearly(entriesOf(remote.list('bucket')), body);
  }
});

test('a Keystone that gives no token is no Keystone', async () => {
  const auth = `${await serveLies(() => ({ body: JSON.stringify(v3) }))}/v3`;
  await using remote = await openSwift({ auth, user: 'u', key: 'k' }, settings);
  await expect(entriesOf(remote.list('bucket'))).rejects.toSatisfy((error) => isFailure(error, 'usage'));
});

test('a token that has ended already, by a clock that is wrong, is used until the store refuses it', async () => {
  let logins = 0;
  const url = await serveLies((request, { host }) => {
    if (!request.startsWith('POST')) return { body: '[]' };
    logins++;
    const catalog = [{ type: 'object-store', endpoints: [{ ...endpoint, url: `http://${host}/v1/AUTH_x` }] }];
    const body = JSON.stringify({ token: { expires_at: '2020-01-31T12:00:00Z', catalog } });
    return { body, headers: { 'x-subject-token': 't' } };
  });
  await using remote = await openSwift({ auth: `${url}/v3`, user: 'u', key: 'k' }, settings);
  for (const container of ['a', 'b', 'c']) expect(await entriesOf(remote.list(container))).toEqual([]);
  expect(logins).toBe(1);
});

test.each(['/v3', '/info'])('a cluster that is silent about %s keeps nobody who gives up', async (silent) => {
  const asked = new AbortController();
  let requests = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith(silent) && ++requests > 0) return asked.abort();
    const storage = `http://${request.headers.host}/v1/AUTH_x`;
    const catalog = [{ type: 'object-store', endpoints: [{ ...endpoint, url: storage }] }];
    const body = JSON.stringify({ token: { expires_at: '2100-01-31T12:00:00Z', catalog } });
    response.writeHead(path.startsWith('/v3') ? 201 : 404, { 'x-subject-token': 't', 'x-trans-id': 't' }).end(body);
  });
  const auth = `http://${await listen(server)}/v3`;
  const source = sourceOf(new Uint8Array(2000));
  {
    await using remote = await openSwift({ auth, user: 'u', key: 'k', chunk_size: '1Ki' });
    const work = remote.write('bucket/file', source, {}, { signal: asked.signal });
    await expect(work).rejects.toMatchObject({ kind: 'cancelled' });
  }
  // What others might still have waited for is not tried again without end.
  await pause(200, undefined);
  expect(requests).toBe(1);
});

const list = [{ name: 'f', bytes: 1, count: 1, hash: emptyMd5, content_type: 'text/plain' }, { subdir: 'd/' }];
const manifest = [{ name: '/b_segments/f/0', bytes: 9, hash: emptyMd5 }];
const deleted = { Errors: [['/b/f', '404 Not Found']], 'Response Status': '200 OK' };
const info = { slo: { max_manifest_size: 1 }, bulk_delete: { max_deletes_per_request: 9 } };

test.for([
  ['a list', list, (remote: Remote) => Promise.all([entriesOf(remote.list('')), entriesOf(remote.list('b'))])],
  ['a manifest', manifest, (remote: Remote) => remote.remove('b/f')],
  ['a manifest to be copied', manifest, (remote: Remote) => remote.copy?.('b/f', 'b/g')],
  ['what bulk deletion answers', deleted, (remote: Remote) => remote.remove('b/f')],
  ['the word of the cluster', info, (remote: Remote) => remote.remove('b/f')],
] as const)('%s, odd in any of its parts, is used or a failure', async ([what, usual, work]) => {
  let odd = '';
  let isAsked = false;
  let isRemoved = false;
  const url = await serveLies((request) => {
    const [method, path = ''] = request.split(' ');
    const answerOf = (name: string, otherwise: unknown): Answer => {
      isAsked ||= what.startsWith(name);
      return { body: what.startsWith(name) ? odd : JSON.stringify(otherwise) };
    };
    if (path === '/info') return answerOf('the word', info);
    if (path.includes('multipart-manifest=get')) return answerOf('a manifest', [...manifest, ...manifest]);
    if (method === 'POST') return answerOf('what', { Errors: [], 'Response Status': '200 OK' });
    if (method === 'HEAD' && isRemoved) return { status: 404 };
    if (method === 'HEAD')
      return { body: '', headers: { etag: 'x', 'content-length': '9', 'x-static-large-object': 'True' } };
    isRemoved = method === 'DELETE';
    if (method === 'GET') return path.includes('marker') ? { body: '[]' } : answerOf('a list', []);
    return { status: method === 'DELETE' ? 204 : 201, body: '' };
  });
  for (const variant of oddVariants(usual)) {
    await using remote = await openSwift({ storage_url: `${url}/v1/AUTH_x`, auth_token: 't' }, settings);
    odd = JSON.stringify(variant);
    isRemoved = false;
    await failsClearly(Promise.resolve(work(remote)), odd);
  }
  expect(isAsked).toBe(true);
});

test.for([429, 503])('a login service that answers %i is waited for as long as it asks', async (status) => {
  const url = await serveLies(() => ({ status, headers: { 'retry-after': '7' } }));
  const section = { auth: `${url}/auth/v1.0`, user: 'u', key: 'k' };
  await using remote = await openSwift(section, settings);
  await expect(remote.stat('b/f')).rejects.toMatchObject({ kind: 'transient', retryAfter: 7000 });
});

test.for([
  [429, {}, 0],
  [498, {}, 0],
  [498, { 'retry-after': '7' }, 7000],
  [503, {}, undefined],
] as const)(
  'a store that answers %i, %j is spared where and as long as it asks for that',
  async ([status, headers, retryAfter]) => {
    await using remote = await openLying(() => ({ status, headers }));
    await expect(remote.stat('b/f')).rejects.toMatchObject({ kind: 'transient', retryAfter });
  },
);
