import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import { isFailure } from '../../../src/core/failure.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { listen } from '../http/listen.ts';
import type { Answer } from '../http/lying-server.ts';
import { openLying } from './lying-store.ts';
import { openS3 } from './open.ts';

const texts = [
  '',
  '-1',
  '1e999',
  'x\u001b[2J',
  'constructor',
  '__proto__',
  '&#xD800;',
  '&constructor;',
  'true',
  '../x',
];
const leaf = /<(\w+)>([^<>]*)<\/\1>/g;

/** The document with each element that holds text in turn replaced, left out, doubled or emptied. */
function* oddDocuments(document: string): Generator<string> {
  yield* ['', 'x', '<a/>', '<Error/>', '<Error><Code>constructor</Code></Error>'];
  for (const match of document.matchAll(leaf)) {
    const [whole, name] = match;
    const put = (text: string) => document.slice(0, match.index) + text + document.slice(match.index + whole.length);
    yield* [put(''), put(whole + whole), put(`<${name}/>`), put(`<${name}>${whole}</${name}>`)];
    yield* texts.map((text) => put(`<${name}>${text}</${name}>`));
  }
}

const object =
  '<Contents><Key>f</Key><LastModified>2026-01-31T12:00:00Z</LastModified><ETag>"x"</ETag><Size>9</Size></Contents>';
const lists = `<IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>${object}<CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>`;
const upload = '<Upload><Key>f</Key><UploadId>u</UploadId><Initiated>2020-01-31T12:00:00Z</Initiated></Upload>';
const grant = '<Grant><Grantee><ID>o</ID></Grantee><Permission>READ</Permission></Grant>';
const document = (name: string, inner: string) => `<${name}>${inner}</${name}>`;
const error = (code: string) =>
  `<Error><Code>${code}</Code><Message>no</Message><Region>r</Region><Key>f</Key></Error>`;
const large = sourceOf(new Uint8Array(11 << 20));

const answers = {
  buckets: document(
    'ListAllMyBucketsResult',
    '<Owner><ID>o</ID></Owner><Buckets><Bucket><Name>b</Name><CreationDate>2026-01-31T12:00:00Z</CreationDate></Bucket></Buckets>',
  ),
  list: document('ListBucketResult', lists),
  uploads: document('ListMultipartUploadsResult', `${upload}<IsTruncated>false</IsTruncated>`),
  begin: document('InitiateMultipartUploadResult', '<UploadId>u</UploadId>'),
  complete: document('CompleteMultipartUploadResult', '<ETag>"x"</ETag>'),
  copy: document('CopyObjectResult', '<ETag>"x"</ETag>'),
  deletion: document('DeleteResult', error('AccessDenied')),
  acl: document('AccessControlPolicy', `<Owner><ID>o</ID></Owner><AccessControlList>${grant}</AccessControlList>`),
};
type Kind = keyof typeof answers | 'refusal';

function kindOf(method: string, path: string, isCopy: boolean): Kind | null {
  if (method === 'GET' && path === '/') return 'buckets';
  if (path.includes('?policy')) return null;
  if (path.includes('?acl')) return 'acl';
  if (method === 'GET' && path.includes('uploads=')) return 'uploads';
  if (method === 'GET' && path.startsWith('/b?')) return 'list';
  if (method === 'POST' && path.includes('uploads=')) return 'begin';
  if (method === 'POST' && path.includes('delete=')) return 'deletion';
  if (method === 'POST') return 'complete';
  return isCopy ? 'copy' : null;
}

const cases: readonly (readonly [Kind, (remote: Remote) => Promise<unknown>])[] = [
  ['buckets', (remote) => entriesOf(remote.list(''))],
  ['list', (remote) => entriesOf(remote.list('b'))],
  ['uploads', async (remote) => remote.cleanUp?.('b', 0)],
  ['begin', (remote) => remote.write('b/f', large, {})],
  ['complete', (remote) => remote.write('b/f', large, {})],
  ['copy', async (remote) => remote.copy?.('b/f', 'b/g')],
  ['deletion', async (remote) => remote.purge?.('b')],
  ['acl', async (remote) => remote.access?.('b').read()],
  ['refusal', (remote) => entriesOf(remote.list('b'))],
];

test.for(cases)('%s, odd in any of its elements, is used or a failure', async ([kind, work]) => {
  let odd = '';
  await using remote = await openLying(
    (request, given) => {
      const [method = '', url = ''] = request.split(' ');
      const asked = kindOf(method, url, given['x-amz-copy-source'] !== undefined);
      const body = kind === 'refusal' || asked === kind ? odd : asked ? answers[asked as keyof typeof answers] : '';
      const status = kind === 'refusal' ? 400 : url.includes('?policy') ? 404 : 200;
      return { status, headers: { etag: '"x"', ...(method === 'HEAD' && { 'content-length': '9' }) }, body };
    },
    { upload_cutoff: '5Mi' },
  );
  for (const document of oddDocuments(kind === 'refusal' ? error('X') : answers[kind])) {
    odd = document;
    try {
      await work(remote);
    } catch (caught) {
      if (!isFailure(caught)) throw new Error(document, { cause: caught });
      expect(caught.kind).toBeTypeOf('string');
      expect(caught.message).not.toMatch(/undefined|\[object|NaN/);
    }
  }
});

test.for([
  '',
  'x',
  'Sat, 13 Sep 275760 00:00:00 GMT',
  'Tue, 20 Apr -271821 00:00:00 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
])('a store that gives its time as "%s" is not believed', async (date) => {
  const server = createServer((request, response) => {
    response.sendDate = false;
    const body = '<Error><Code>RequestTimeTooSkewed</Code></Error>';
    request.resume().once('end', () => response.writeHead(403, { date }).end(body));
  });
  const section = { endpoint: `http://${await listen(server)}`, access_key_id: 'a', secret_access_key: 's' };
  await using remote = await openS3(section, { settings: { lowLevelRetries: 3 } });
  await expect(entriesOf(remote.list('b'))).rejects.toSatisfy((error) => isFailure(error, 'denied'));
});

test('the clock is set right by an answer that complains of it, and by none that has other words', async () => {
  const hour = 3_600_000;
  const ahead: boolean[] = [];
  let body = '';
  const server = createServer((request, response) => {
    const signed = String(request.headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
    ahead.push(Date.parse(signed) > Date.now() + hour / 2);
    response.sendDate = false;
    const date = new Date(Date.now() + hour).toUTCString();
    request.resume().once('end', () => response.writeHead(403, { date }).end(request.method === 'HEAD' ? '' : body));
  });
  const section = { endpoint: `http://${await listen(server)}`, access_key_id: 'a', secret_access_key: 's' };
  for (const [words, work, expected] of [
    ['<html>go away</html>', (remote: Remote) => entriesOf(remote.list('b')), [false]],
    ['<Error><Code>AccessDenied</Code></Error>', (remote: Remote) => entriesOf(remote.list('b')), [false]],
    [
      '<Error><Code>RequestTimeTooSkewed</Code></Error>',
      (remote: Remote) => entriesOf(remote.list('b')),
      [false, true],
    ],
    ['', (remote: Remote) => remote.stat('b/f'), [false, true]],
  ] as const) {
    await using remote = await openS3(section, { settings: { lowLevelRetries: 3 } });
    body = words;
    ahead.length = 0;
    await expect(work(remote)).rejects.toSatisfy((error) => isFailure(error, 'denied'));
    expect(ahead, words).toEqual(expected);
  }
});

test('a bucket is not asked for names that are no Unicode', async () => {
  const section = { endpoint: 'http://127.0.0.1:9', encoding: 'Slash', access_key_id: 'a', secret_access_key: 's' };
  await using remote = await openS3(section, { settings: { lowLevelRetries: 1 } });
  for (const dir of ['b/\udcff', '\udcff']) {
    await expect(entriesOf(remote.list(dir))).rejects.toSatisfy((error) => isFailure(error, 'usage'));
  }
});

test('a bucket whose store gives two pages in turn is not listed for ever', async () => {
  let pages = 0;
  await using remote = await openLying(() => {
    const key = pages++ % 2 ? 'a' : 'b';
    const inner = `<IsTruncated>true</IsTruncated><Contents><Key>${key}</Key><Size>1</Size></Contents>`;
    return { body: document('ListBucketResult', inner) };
  });
  await expect(entriesOf(remote.list('b'))).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
});

/** A remote of a server that gives `listing` for a listing, `page` for all else where there is one, and a mark that somebody
 *  wanted to remove something. */
async function openAsked(listing: string, page?: string) {
  const removals: string[] = [];
  const answerTo = (request: string): Answer => {
    if (request.startsWith('DELETE') || request.includes('?delete=')) removals.push(request);
    return { body: request.startsWith('GET /b?') ? listing : (page ?? document('DeleteResult', '')) };
  };
  return { remote: await openLying(answerTo, { upload_cutoff: '5Mi' }), removals };
}

const listing = (inner: string) => document('ListBucketResult', `<IsTruncated>false</IsTruncated>${inner}`);
const listed = (...keys: readonly string[]) =>
  listing(keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join(''));

test.for<readonly [string, string]>([
  ['beside the folder', listed('d/f', 'other/f')],
  ['above the folder', listed('d/f', 'd')],
  ['a folder beside it', listing('<CommonPrefixes><Prefix>e/</Prefix></CommonPrefixes>')],
  ['below its folders', listed('d/f', 'd/e/f')],
])('a listing that names what is %s was not asked for, and nothing of it is removed', async ([where, listing]) => {
  const { remote, removals } = await openAsked(listing);
  await using _remote = remote;
  await expect(entriesOf(remote.list('b/d'))).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
  if (where === 'below its folders') return;
  await expect(remote.purge?.('b/d')).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
  expect(removals).toEqual([]);
});

test.for<readonly [string, string]>([
  ['of another folder', listing('<Prefix>e/</Prefix>')],
  ['of the bucket', listing('<Prefix></Prefix>')],
  ['that says nothing', document('ListBucketResult', '')],
  ['that does not say whether it is all', document('ListBucketResult', '<IsTruncated>perhaps</IsTruncated>')],
])('an empty listing %s is no empty folder', async ([, answer]) => {
  const { remote } = await openAsked(answer);
  await using _remote = remote;
  await expect(entriesOf(remote.list('b/d'))).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
});

test('a folder in a listing of all that is below does not stand for what is in it', async () => {
  const { remote } = await openAsked(listing('<CommonPrefixes><Prefix>d/e/</Prefix></CommonPrefixes>'));
  await using _remote = remote;
  await expect(entriesOf(remote.walk?.('b/d') ?? remote.list('b/d'))).rejects.toSatisfy((error) =>
    isFailure(error, 'corrupt'),
  );
  expect(await entriesOf(remote.list('b/d'))).toHaveLength(1);
});

test('a page that asks for a login is no empty bucket, no file, and nothing that was stored, copied or removed', async () => {
  const page = '<html><head><title>Login</title></head><body>who are you?</body></html>';
  const { remote } = await openAsked(page, page);
  await using _remote = remote;
  for (const work of [
    () => entriesOf(remote.list('')),
    () => entriesOf(remote.list('b')),
    () => remote.stat('b/f'),
    () => remote.open?.('b/f'),
    () => remote.write('b/f', sourceOf(Buffer.from('abc')), {}),
    () => remote.write('b/f', sourceOf(new Uint8Array(2 << 20)), {}),
    () => remote.write('b/f', large, {}),
    () => remote.copy?.('b/f', 'b/g'),
    () => remote.purge?.('b'),
  ]) {
    await expect(Promise.resolve(work())).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
  }
});

test('an object that is replaced while it is copied in parts is not put together of both', async () => {
  let parts = 0;
  let isCompleted = false;
  await using remote = await openLying(
    (request) => {
      if (request.includes('partNumber=')) parts++;
      const isBegin = request.includes('?uploads=');
      if (request.startsWith('POST') && !isBegin) isCompleted = true;
      const etag = `"${'0'.repeat(31)}${parts > 1 ? 2 : 1}-2"`;
      if (request.startsWith('HEAD')) return { headers: { 'content-length': `${20 << 20}`, etag } };
      return { body: isBegin ? answers.begin : document('CopyPartResult', '<ETag>"x"</ETag>') };
    },
    { copy_cutoff: '5Mi' },
  );
  await expect(remote.copy?.('b/f', 'b/g')).rejects.toSatisfy((error) => isFailure(error, 'changed'));
  expect([parts, isCompleted]).toEqual([4, false]);
});

const md5 = (text: string): string => hash('md5', text);

test.for([
  ['an upload', (remote: Remote) => remote.write('b/g', sourceOf(Buffer.from('abc')), {})],
  ['a copy', (remote: Remote) => remote.copy?.('b/f', 'b/g')],
] as const)('%s whose answer is not for it is none where the store shows other bytes', async ([, work]) => {
  let target: Record<string, string> = { etag: md5('old') };
  await using remote = await openLying((request, given) => {
    const headers = request.endsWith('/b/f') ? { etag: md5('abc') } : target;
    if (request.startsWith('HEAD')) return { headers: { ...headers, 'content-length': '3' } };
    return given['x-amz-copy-source'] ? { body: document('CopyObjectResult', `<ETag>${md5('x')}</ETag>`) } : {};
  });
  await expect(work(remote)).rejects.toMatchObject({ kind: 'corrupt', retryable: true });
  target = { etag: md5('by another key'), 'x-amz-server-side-encryption': 'aws:kms' };
  expect(await work(remote)).toMatchObject({ size: 3 });
});

test('what a store has taken while another writer took its place is stored', async () => {
  await using remote = await openLying((request) => ({
    headers: request.startsWith('HEAD') ? { 'content-length': '9', etag: '"x"' } : { 'x-amz-request-id': 'tx1' },
  }));
  expect(await remote.write('b/f', sourceOf(Buffer.from('abc')), {})).toMatchObject({ size: 3 });
});

test.for([
  ['429', { status: 429 }, 0],
  ['SlowDown', { status: 503, body: error('SlowDown') }, 0],
  ['SlowDown for 7 s', { status: 503, body: error('SlowDown'), headers: { 'retry-after': '7' } }, 7000],
  ['InternalError', { status: 500, body: error('InternalError') }, undefined],
] as const)(
  'a store that answers %s is spared where and as long as it asks for that',
  async ([, answer, retryAfter]) => {
    await using remote = await openLying(() => answer);
    const refused = remote.write('b/f', sourceOf(Buffer.from('abc')), {});
    await expect(refused).rejects.toMatchObject({ kind: 'transient', retryAfter });
  },
);
