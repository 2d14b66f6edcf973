import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { sourceOf } from '../../../src/core/bytes.ts';
import { isFailure } from '../../../src/core/failure.ts';
import type { Remote } from '../../../src/core/remote.ts';
import { entriesOf } from '../../contract/remote/bench.ts';
import { listen } from '../http/listen.ts';
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
const error = (code: string) =>
  `<Error><Code>${code}</Code><Message>no</Message><Region>r</Region><Key>f</Key></Error>`;
const large = sourceOf(new Uint8Array(11 << 20));

const answers = {
  buckets:
    '<R><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>b</Name><CreationDate>2026-01-31T12:00:00Z</CreationDate></Bucket></Buckets></R>',
  list: `<R>${lists}</R>`,
  uploads: `<R>${upload}<IsTruncated>false</IsTruncated></R>`,
  begin: '<R><UploadId>u</UploadId></R>',
  complete: '<R><ETag>"x"</ETag></R>',
  copy: '<R><ETag>"x"</ETag></R>',
  deletion: `<R>${error('AccessDenied')}</R>`,
  acl: `<R><Owner><ID>o</ID></Owner><AccessControlList>${grant}</AccessControlList></R>`,
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
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const asked = kindOf(method, url, headers['x-amz-copy-source'] !== undefined);
    const body = kind === 'refusal' || asked === kind ? odd : asked ? answers[asked as keyof typeof answers] : '';
    const status = kind === 'refusal' ? 400 : url.includes('?policy') ? 404 : 200;
    const described = method === 'HEAD' ? { 'content-length': '9', etag: '"x"' } : { etag: '"x"' };
    request.resume().once('end', () => response.writeHead(status, described).end(method === 'HEAD' ? '' : body));
  });
  const section = {
    endpoint: `http://${await listen(server)}`,
    ...{ access_key_id: 'a', secret_access_key: 's', upload_cutoff: '5Mi', provider: 'Other' },
  };
  await using remote = await openS3(section, { settings: { lowLevelRetries: 1 } });
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
    request.resume().once('end', () => response.writeHead(403, { date }).end());
  });
  const section = { endpoint: `http://${await listen(server)}`, access_key_id: 'a', secret_access_key: 's' };
  await using remote = await openS3(section, { settings: { lowLevelRetries: 3 } });
  await expect(entriesOf(remote.list('b'))).rejects.toSatisfy((error) => isFailure(error, 'denied'));
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
  const server = createServer((request, response) => {
    const key = pages++ % 2 ? 'a' : 'b';
    const page = `<R><IsTruncated>true</IsTruncated><Contents><Key>${key}</Key><Size>1</Size></Contents></R>`;
    request.resume().once('end', () => response.end(page));
  });
  const section = { endpoint: `http://${await listen(server)}`, access_key_id: 'a', secret_access_key: 's' };
  await using remote = await openS3(section, { settings: { lowLevelRetries: 1 } });
  await expect(entriesOf(remote.list('b'))).rejects.toSatisfy((error) => isFailure(error, 'corrupt'));
});
