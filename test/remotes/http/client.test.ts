import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Source, sourceOf } from '../../../src/core/bytes.ts';
import { createHttpClient, type HttpClient } from '../../../src/remotes/http/client.ts';
import { transportSettings } from '../settings.ts';
import { listen } from './listen.ts';

const settings = { ...transportSettings, timeout: 1000 };
const data = randomBytes(5_000_000);
const digest = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

interface Seen {
  readonly line: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly digest: string;
}
let seen: Seen[] = [];
let connections = 0;

/** Answers with what its path asks for. */
const server = http.createServer(async (request, response) => {
  const body: Buffer[] = [];
  try {
    for await (const piece of request) body.push(piece as Buffer);
  } catch {
    return;
  }
  const line = `${request.method} ${request.url}`;
  seen.push({ line, headers: request.headers, digest: digest(Buffer.concat(body)) });
  if (request.url === '/data') return response.writeHead(200, { 'Content-Length': data.length }).end(data);
  if (request.url === '/chunked') return response.end(data);
  if (request.url === '/silent') return;
  if (request.url === '/cut') {
    response.writeHead(200, { 'Content-Length': data.length });
    response.write(data.subarray(0, 100_000), () => response.socket?.end());
    return;
  }
  response
    .writeHead(request.method === 'HEAD' ? 404 : 201, { 'X-Twice': ['a', 'b'], 'Content-Length': 5 })
    .end('hello');
});
server.on('connection', () => connections++);

let origin: string;
let client: HttpClient;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createHttpClient(settings);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  seen = [];
});

describe('a request', () => {
  test('goes out as it was written and brings back status, headers and text', async () => {
    const url = `${origin}/c/a/../b%2F%2e%2e/./c?x=%20`;
    const response = await client.request({ method: 'GET', url, headers: { 'X-Mine': 'yes' } });
    expect(response.status).toBe(201);
    expect(response.headers['x-twice']).toBe('a, b');
    expect(await response.text()).toBe('hello');
    expect(seen[0]).toMatchObject({
      line: 'GET /c/a/../b%2F%2e%2e/./c?x=%20',
      headers: { 'x-mine': 'yes', 'user-agent': 'coffer/test' },
    });
  });

  test('bears what the user adds to all, and waits for its turn or for the end of the command', async () => {
    const delays = [0, 20, 60_000];
    const turns = (): number => delays.shift() ?? 0;
    const headers = { every: { 'x-mine': 'the user', 'x-more': '1' }, upload: {}, download: {} };
    await using own = createHttpClient({ ...settings, turns, headers });
    const request = { method: 'GET', url: `${origin}/x`, headers: { 'x-mine': 'a request' } };
    for (const _ of [1, 2]) await (await own.request(request)).discard();
    expect(seen.map((each) => each.headers)).toMatchObject([headers.every, headers.every]);
    const cancelled = own.request({ ...request, signal: AbortSignal.timeout(50) });
    await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' });
    expect([seen.length, delays.length]).toEqual([2, 0]);
  });

  test('keeps its connections, after a HEAD too', async () => {
    await using own = createHttpClient(settings);
    const before = connections;
    for (const method of ['HEAD', 'GET', 'HEAD', 'PUT', 'DELETE', 'HEAD', 'GET', 'PUT']) {
      await (await own.request({ method, url: `${origin}/x` })).discard();
    }
    expect(connections - before).toBe(1);
  });

  test('that is cancelled, before or while it waits, ends at once', async () => {
    const url = `${origin}/silent`;
    await expect(client.request({ method: 'GET', url, signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    });
    const signal = AbortSignal.timeout(50);
    await expect(client.request({ method: 'GET', url, signal })).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('that gets no answer in time is transient and names the host, not its headers', async () => {
    const request = { method: 'GET', url: `${origin}/silent`, headers: { 'x-auth-token': 'SECRET' } };
    const error = await client.request(request).catch((caught: Error) => caught);
    expect(error).toMatchObject({ kind: 'transient', message: expect.stringContaining(origin.slice(7)) });
    expect(JSON.stringify(error) + String(error)).not.toContain('SECRET');
  });

  test('to a host that does not exist is not tried again', async () => {
    await expect(client.request({ method: 'GET', url: 'http://no-such-host.invalid/' })).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('no-such-host.invalid'),
    });
  });

  test('to what is no web address is a mistake of the user', async () => {
    for (const url of ['ftp://example.org/x', 'nonsense', '']) {
      await expect(client.request({ method: 'GET', url })).rejects.toMatchObject({ kind: 'usage' });
    }
  });

  test('is not kept waiting by interim answers without an end', async () => {
    const endless = net.createServer((socket) => {
      const more = (): void => {
        while (socket.writable && socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000)));
      };
      socket
        .on('error', () => {})
        .on('drain', more)
        .once('data', more);
    });
    const url = `http://${await listen(endless)}/`;
    await expect(client.request({ method: 'GET', url })).rejects.toMatchObject({ kind: 'transient' });
  });

  test('survives a server that sends stray bytes behind the answer to a HEAD', async () => {
    const stray = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n0\r\n\r\n'));
    });
    const url = `http://${await listen(stray)}/x`;
    for (let i = 0; i < 20; i++) {
      const response = await client.request({ method: 'HEAD', url });
      await response.discard();
      expect(response.status).toBe(404);
    }
  });
});

describe('an answer’s body', () => {
  test.for(['/data', '/chunked'])('comes whole from %s, in large pieces', async (path) => {
    const { body } = await client.request({ method: 'GET', url: origin + path });
    const sizes: number[] = [];
    const hash = createHash('md5');
    for await (const piece of body) {
      sizes.push(piece.length);
      hash.update(piece);
    }
    expect(hash.digest('hex')).toBe(digest(data));
    expect(sizes.length).toBeLessThanOrEqual(6);
  });

  test('that ends early throws, after what came', async () => {
    const { body } = await client.request({ method: 'GET', url: `${origin}/cut` });
    let received = 0;
    const read = (async () => {
      for await (const piece of body) received += piece.length;
    })();
    await expect(read).rejects.toMatchObject({ kind: 'transient' });
    expect(received).toBe(100_000);
  });

  test('can be left early, discarded, or cancelled', async () => {
    for await (const _ of (await client.request({ method: 'GET', url: `${origin}/data` })).body) break;
    await (await client.request({ method: 'GET', url: `${origin}/data` })).discard();
    const controller = new AbortController();
    const { body } = await client.request({ method: 'GET', url: `${origin}/data`, signal: controller.signal });
    const read = (async () => {
      for await (const _ of body) controller.abort();
    })();
    await expect(read).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('without an end is not read to it to be discarded', async () => {
    const endless = net.createServer((socket) => {
      const more = (): void => {
        while (socket.writable && socket.write(`10000\r\n${' '.repeat(65_536)}\r\n`));
      };
      socket.on('error', () => {}).on('drain', more);
      socket.once('data', () => {
        socket.write('HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n');
        more();
      });
    });
    const url = `http://${await listen(endless)}/`;
    await (await client.request({ method: 'GET', url })).discard();
  });

  test('over the limit is refused as text', async () => {
    const response = await client.request({ method: 'GET', url: `${origin}/data` });
    await expect(response.text(1000)).rejects.toMatchObject({ kind: 'transient' });
  });
});

describe('a streamed body', () => {
  /** Gives `size` bytes of data in pieces of `step`, in one buffer that it reuses at once. */
  const reusing = (size: number, step: number): Source => ({
    size,
    replayable: true,
    async *open() {
      const buffer = new Uint8Array(step);
      for (let offset = 0; offset < size; offset += step) {
        const piece = data.subarray(offset, Math.min(size, offset + step));
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
        buffer.fill(0);
      }
    },
  });

  test.for([7_000, 65_535, 65_536, 70_000, 1 << 20])(
    'arrives whole though its source reuses a buffer of %i bytes',
    async (step) => {
      for (const length of [data.length, null]) {
        const body = { source: reusing(data.length, step), length };
        await (await client.request({ method: 'PUT', url: `${origin}/up`, body })).discard();
        expect(seen.at(-1)?.digest).toBe(digest(data));
      }
      expect(seen[0]?.headers['content-length']).toBe(String(data.length));
    },
  );

  test('is a part of its source', async () => {
    const body = { source: sourceOf(data), range: { start: 1000, end: 4000 }, length: 3000 };
    await (await client.request({ method: 'PUT', url: `${origin}/part`, body })).discard();
    expect(seen[0]?.digest).toBe(digest(data.subarray(1000, 4000)));
  });

  test('of the wrong length never counts as sent', async () => {
    for (const length of [data.length + 1, data.length - 1, 0]) {
      const request = client.request({ method: 'PUT', url: `${origin}/x`, body: { source: sourceOf(data), length } });
      await expect(request).rejects.toMatchObject({ kind: 'changed' });
    }
    const short = { source: sourceOf(new Uint8Array(0)), length: 5 };
    await expect(client.request({ method: 'PUT', url: `${origin}/x`, body: short })).rejects.toMatchObject({
      kind: 'changed',
    });
    expect(seen).toEqual([]);
  });

  test('that breaks fails with its own error', async () => {
    const source: Source = {
      ...sourceOf(data),
      async *open() {
        yield data;
        throw new Error('the disk broke');
      },
    };
    const body = { source, length: data.length + 1 };
    await expect(client.request({ method: 'PUT', url: `${origin}/x`, body })).rejects.toThrow('the disk broke');
  });
});

test('an address that holds a password is a mistake of the user, and is not repeated', async () => {
  const url = origin.replace('//', '//me:SECRET@');
  await expect(client.request({ method: 'GET', url })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.not.stringContaining('SECRET'),
  });
});

test('a proxy that wants another login says so for http and https', async () => {
  const proxy = http.createServer((_request, response) => response.writeHead(407).end('<p>who are you?'));
  proxy.on('connect', (_request, socket: net.Socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
  );
  const address = `http://${await listen(proxy)}`;
  await using proxied = createHttpClient(settings, { HTTP_PROXY: address, HTTPS_PROXY: address });
  for (const url of ['http://store.example/x', 'https://store.example/x']) {
    await expect(proxied.request({ method: 'GET', url })).rejects.toMatchObject({ kind: 'denied' });
  }
});

test('a proxy from the environment takes the requests, for other hosts than this machine', async () => {
  const lines: string[] = [];
  const proxy = http.createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    const authorization = request.headers['proxy-authorization'];
    response.end(authorization ?? 'none');
  });
  proxy.on('connect', (request, socket: net.Socket) => {
    lines.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  const address = await listen(proxy);
  const environment = { HTTP_PROXY: `http://me:pw@${address}`, https_proxy: address };
  await using proxied = createHttpClient(settings, environment);
  const answer = await proxied.request({ method: 'GET', url: 'http://store.example/v1/x' });
  expect(await answer.text()).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`);
  await expect(proxied.request({ method: 'GET', url: 'https://store.example/v1/x' })).rejects.toMatchObject({
    kind: 'transient',
  });
  await (await proxied.request({ method: 'GET', url: `${origin}/direct` })).discard();
  expect(lines).toEqual(['GET http://store.example/v1/x', 'CONNECT store.example:443']);
  expect(seen.map(({ line }) => line)).toEqual(['GET /direct']);
});
