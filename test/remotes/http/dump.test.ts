import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpDump } from '../../../src/core/backend.ts';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { createBandwidth } from '../../../src/core/pace.ts';
import { parseTimetable } from '../../../src/core/timetable.ts';
import { createHttpClient, type HttpRequest } from '../../../src/remotes/http/client.ts';
import { transportSettings } from '../settings.ts';

const large = Buffer.alloc(3_000_000, 'x');
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.url === '/reset') return void response.destroy();
    response.writeHead(200, {
      'X-Subject-Token': 'tell-nobody-1',
      'Set-Cookie': 'a=tell-nobody-2',
      Location: 'http://other/x?X-Amz-Signature=tell-nobody-3&list=y',
      'X-Trans-Id': 'tx1',
    });
    if (request.url === '/large') return void response.end(large);
    response.end('<a><StringToSign>tell-nobody-4</StringToSign><Key>k</Key></a>');
  });
});

let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const body = Buffer.from('{"password":"in-a-body"}');
const secrets = {
  authorization: 'AWS4 Signature=tell-nobody-5',
  'x-auth-token': 'tell-nobody-6',
  'x-auth-key': 'tell-nobody-7',
  'x-storage-token': 'tell\u2028tell-nobody-8',
  'x-amz-server-side-encryption-customer-key': 'tell-nobody-9',
};
const request: HttpRequest = {
  method: 'PUT',
  url: '/b/k:1?temp_url_sig=tell-nobody-0&continuation-token=next&max-keys=9',
  headers: { ...secrets, 'x-amz-meta-mtime': '17' },
  body,
};

async function dump(
  parts: Partial<Omit<HttpDump, 'tell'>>,
  { url, ...rest }: HttpRequest = request,
  bandwidth = transportSettings.bandwidth,
): Promise<string> {
  const told: string[] = [];
  const tell = (text: string): void => void told.push(text);
  const shown = { requestBodies: false, answerBodies: false, showsSecrets: false, ...parts, tell };
  await using client = createHttpClient({ ...transportSettings, bandwidth, dump: shown });
  try {
    const response = await client.request({ ...rest, url: origin + url });
    expect((await collect(response.body)).length).toBe(url === '/large' ? large.length : 61);
  } catch {
    told.push('failed');
  }
  return told.join('\n');
}

test('heads are shown without what opens a door', async () => {
  const text = await dump({});
  expect(text).not.toMatch(/tell-nobody|in-a-body/);
  for (const line of [
    'PUT /b/k:1?temp_url_sig=XXXX&continuation-token=next&max-keys=9 HTTP/1.1\n',
    'authorization: XXXX\n',
    'x-auth-key: XXXX\n',
    'x-amz-meta-mtime: 17\n',
    'content-length: 24\n',
    'HTTP/1.1 200\n',
    'x-subject-token: XXXX\n',
    'location: http://other/x?X-Amz-Signature=XXXX&list=y\n',
    'x-trans-id: tx1\n',
  ]) {
    expect(text).toContain(line);
  }
});

test('bodies are shown where they are asked for, each behind its head', async () => {
  const both = await dump({ requestBodies: true, answerBodies: true });
  expect(both).not.toContain('tell-nobody');
  expect(both).toMatch(/PUT .*in-a-body.*HTTP\/1.1 200.*<StringToSign>XXXX<\/StringToSign><Key>k<\/Key>/s);
  expect(await dump({ requestBodies: true })).toMatch(/in-a-body(?!.*StringToSign)/s);
  expect(await dump({ answerBodies: true })).toMatch(/StringToSign/);
});

test('bodies of logins are shown only with the secrets', async () => {
  const login = { ...request, holdsSecrets: true };
  const parts = { requestBodies: true, answerBodies: true };
  const text = await dump(parts, login);
  expect(text).not.toMatch(/in-a-body|StringToSign/);
  expect(text).toContain('(holds secrets: --dump auth shows it)');
  const all = await dump({ ...parts, showsSecrets: true }, login);
  for (const word of ['in-a-body', ...Array.from({ length: 10 }, (_, index) => `tell-nobody-${index}`)]) {
    expect(all).toContain(word);
  }
});

test('large bodies pass whole, at a pace too, and are shown up to a mebibyte', async () => {
  const parts = { requestBodies: true, answerBodies: true };
  const streamed = { method: 'PUT', url: '/large', body: { source: sourceOf(large), length: large.length } };
  for (const bandwidth of [null, createBandwidth(parseTimetable('1G'), null)]) {
    const text = await dump(parts, streamed, bandwidth);
    expect(text.split('xxx\n(1951424 bytes more)')).toHaveLength(3);
  }
});

test('a connection that fails is shown as one', async () => {
  expect(await dump({}, { method: 'GET', url: '/reset' })).toMatch(/HTTP RESPONSE \(req \d+\)\nError: .*failed$/s);
});
