import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeCertificate } from '../certificate.ts';
import { type FaultProxy, startFaultProxy } from './proxy.ts';

const data = randomBytes(1_000_000);
const digest = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

let received = '';
const origin = http.createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    received = 'broken';
    return;
  }
  if (request.method === 'PUT') received = digest(Buffer.concat(pieces));
  response.writeHead(200, { 'Content-Length': data.length, 'X-Seen-Host': request.headers.host ?? '' });
  response.end(data);
});
let target: string;
let proxy: FaultProxy;

beforeAll(async () => {
  origin.listen(0, '127.0.0.1');
  await once(origin, 'listening');
  target = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  proxy = await startFaultProxy(target);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  origin.close();
  origin.closeAllConnections();
});
beforeEach(() => {
  received = '';
});

interface Outcome {
  readonly error: string | null;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function ask(method: 'GET' | 'PUT', url = proxy.url, options: https.RequestOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let response: http.IncomingMessage | undefined;
    const finish = (error: string | null): void => {
      clearTimeout(limit);
      request.destroy();
      const { statusCode: status = 0, headers = {} } = response ?? {};
      resolve({ error, status, headers, body: Buffer.concat(pieces) });
    };
    const headers = method === 'PUT' ? { 'Content-Length': data.length } : {};
    const client = url.startsWith('https:') ? https : http;
    const request = client.request(`${url}/container/object`, { ...options, method, headers, agent: false }, (got) => {
      response = got;
      got.on('data', (piece: Buffer) => pieces.push(piece));
      got.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
      got.on('end', () => finish(null));
    });
    const limit = setTimeout(() => finish('timeout'), 1000);
    request.on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    request.end(method === 'PUT' ? data : undefined);
  });
}

test('passes requests on unchanged', async () => {
  proxy.setRules([]);
  const got = await ask('GET');
  expect(digest(got.body)).toBe(digest(data));
  expect(`http://${got.headers['x-seen-host']}`).toBe(proxy.url);
  await ask('PUT');
  expect(received).toBe(digest(data));
  expect(proxy.stats()).toEqual({ requests: ['GET /container/object', 'PUT /container/object'], faults: [] });
});

test('counts matches: the nth, every nth, at most so many times', async () => {
  const statuses = async (): Promise<number[]> => [(await ask('GET')).status, (await ask('GET')).status];
  proxy.setRules([{ match: /^GET/, status: 503, nth: 2 }]);
  expect(await statuses()).toEqual([200, 503]);
  expect(await statuses()).toEqual([200, 200]);
  proxy.setRules([{ status: 503, every: 2 }]);
  expect([...(await statuses()), ...(await statuses())]).toEqual([200, 503, 200, 503]);
  proxy.setRules([{ status: 500, times: 1 }]);
  expect(await statuses()).toEqual([500, 200]);
  expect(proxy.stats().faults).toHaveLength(1);
});

test('answers a status with headers, without forwarding', async () => {
  proxy.setRules([{ status: 429, headers: { 'Retry-After': '1' } }]);
  const { status, headers } = await ask('PUT');
  expect([status, headers['retry-after'], received]).toEqual([429, '1', '']);
});

test('loses a success', async () => {
  proxy.setRules([{ statusAfter: 503 }]);
  expect((await ask('PUT')).status).toBe(503);
  expect(received).toBe(digest(data));
});

test('resets a download, in its body or before its head', async () => {
  proxy.setRules([{ resetDown: 300_000 }]);
  const { error, body } = await ask('GET');
  expect(error).toBe('ECONNRESET');
  expect(body.length).toBeLessThanOrEqual(300_000);
  proxy.setRules([{ resetDown: 0 }]);
  expect(await ask('GET')).toMatchObject({ error: 'ECONNRESET', status: 0 });
});

test('resets an upload', async () => {
  proxy.setRules([{ resetUp: 300_000 }]);
  expect((await ask('PUT')).error).toMatch(/^(ECONNRESET|EPIPE)$/);
  expect(received).not.toBe(digest(data));
});

test('cuts a body', async () => {
  proxy.setRules([{ closeDown: 300_000 }]);
  const { error, body } = await ask('GET');
  expect([error, body.length]).toEqual(['ECONNRESET', 300_000]);
});

test('stalls', async () => {
  proxy.setRules([{ stallDown: 100_000 }]);
  const { error, body } = await ask('GET');
  expect([error, body.length]).toEqual(['timeout', 100_000]);
  proxy.setRules([{ stallUp: 100_000 }]);
  expect((await ask('PUT')).error).toBe('timeout');
  proxy.setRules([{ stallDown: 0 }]);
  expect(await ask('PUT')).toMatchObject({ status: 0, error: 'timeout' });
});

test('changes one byte', async () => {
  proxy.setRules([{ match: /^GET/, corruptDown: 5 }, { corruptUp: 700_000 }]);
  const { body } = await ask('GET');
  expect(body.length).toBe(data.length);
  expect([...body.entries()].filter(([i, byte]) => byte !== data[i]).map(([i]) => i)).toEqual([5]);
  expect((await ask('PUT')).status).toBe(200);
  expect(received).not.toBe(digest(data));
});

test('delays and slows down', async () => {
  proxy.setRules([{ delay: 300 }]);
  const start = performance.now();
  await ask('GET');
  expect(performance.now() - start).toBeGreaterThan(290);
  proxy.setRules([{ speedDown: 100_000 }]);
  expect((await ask('GET')).error).toBe('timeout');
});

test('speaks TLS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'coffer-proxy-'));
  try {
    const { cert, key } = await makeCertificate(folder);
    await using secure = await startFaultProxy(target, { tls: { cert, key } });
    const got = await ask('GET', secure.url, { ca: cert });
    expect(digest(got.body)).toBe(digest(data));
  } finally {
    await rm(folder, { recursive: true });
  }
});
