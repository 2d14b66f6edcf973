import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { createHttpClient } from '../../../src/remotes/http/client.ts';
import { makeScratch, removeScratch } from '../../scratch.ts';
import { makeCertificate } from '../../servers/certificate.ts';
import { freePort } from '../../servers/ports.ts';
import { transportSettings } from '../settings.ts';
import { listen } from './listen.ts';

const settings = { ...transportSettings, connectTimeout: 20_000 };

const folder = makeScratch();
afterAll(() => removeScratch(folder));

/** A server that says `answer` to each request, in so many writes, and counts its connections. */
async function saying(...answer: readonly (string | null)[]) {
  const counts = { connections: 0 };
  const server = net.createServer((socket) => {
    counts.connections++;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', async () => {
      for (const part of answer) {
        if (part === null) socket.end();
        else await new Promise<unknown>((resolve) => socket.write(part, 'latin1', resolve));
      }
    });
  });
  return { url: `http://${await listen(server)}/x`, counts };
}

describe('an answer', () => {
  test('that comes byte by byte, after a 100, is whole', async () => {
    const text =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';
    const { url, counts } = await saying(...text);
    await using client = createHttpClient(settings);
    for (let tries = 0; tries < 3; tries++) {
      expect(await (await client.request({ method: 'GET', url })).text()).toBe('hello');
    }
    expect(counts.connections).toBe(1);
  });

  test('has headers in UTF-8', async () => {
    const { url } = await saying(Buffer.from('HTTP/1.1 204 No Content\r\nX-Name: nähe ☃\r\n\r\n').toString('latin1'));
    await using client = createHttpClient(settings);
    const response = await client.request({ method: 'GET', url });
    expect(response.headers['x-name']).toBe('nähe ☃');
    await response.discard();
  });

  test('without a length ends with its connection', async () => {
    const { url } = await saying('HTTP/1.1 200 OK\r\n\r\n', 'all of it', null);
    await using client = createHttpClient(settings);
    expect(await (await client.request({ method: 'GET', url })).text()).toBe('all of it');
  });

  test.for([
    'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more',
  ])('that lets go of its connection is the last one there: %j', async (text) => {
    const { url, counts } = await saying(text);
    await using client = createHttpClient(settings);
    for (let tries = 0; tries < 2; tries++) {
      expect(await (await client.request({ method: 'GET', url })).text()).toBe('ok');
    }
    expect(counts.connections).toBe(2);
  });

  test.for([
    'nonsense\r\n\r\n',
    `HTTP/1.1 200 OK\r\na: ${'b'.repeat(70_000)}`,
    'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n',
    'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
  ])('that is none is a fault that names the host', async (text) => {
    const { url } = await saying(text);
    await using client = createHttpClient(settings);
    await expect(client.request({ method: 'GET', url })).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('127.0.0.1'),
    });
  });

  test('with broken chunks fails after what came', async () => {
    const { url } = await saying('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nwhat\r\n');
    await using client = createHttpClient(settings);
    const { body } = await client.request({ method: 'GET', url });
    let received = '';
    const read = (async () => {
      for await (const piece of body) received += Buffer.from(piece);
    })();
    await expect(read).rejects.toMatchObject({ kind: 'transient' });
    expect(received).toBe('hello');
  });

  test('before the end of a request’s body counts, and ends the connection', async () => {
    const { url, counts } = await saying('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
    await using client = createHttpClient(settings);
    let isLeft = false;
    const source = {
      ...sourceOf(new Uint8Array(0)),
      async *open() {
        try {
          while (true) yield new Uint8Array(100_000);
        } finally {
          isLeft = true;
        }
      },
    };
    for (let tries = 1; tries <= 2; tries++) {
      isLeft = false;
      const response = await client.request({ method: 'PUT', url, body: { source, length: null } });
      await response.discard();
      expect(response.status).toBe(413);
      await expect.poll(() => isLeft, { timeout: 20_000 }).toBe(true);
    }
    expect(counts.connections).toBe(2);
  });
});

test('answers of any form, however they are cut, are told apart on one connection', { timeout: 120_000 }, async () => {
  const answer = fc.record({
    form: fc.constantFrom('sized', 'chunked', 'head', 'empty'),
    isAnnounced: fc.boolean(),
    size: fc.integer({ min: 1, max: 3000 }),
    chunk: fc.integer({ min: 1, max: 900 }),
  });
  type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never;
  const content = (size: number): string => 'some text\r\n\r\n0\r\nHTTP/1.1 '.repeat(120).slice(0, size);
  const written = ({ form, isAnnounced, size, chunk }: Answer): string => {
    const before = isAnnounced ? 'HTTP/1.1 100 Continue\r\n\r\n' : '';
    if (form === 'empty') return `${before}HTTP/1.1 204 No Content\r\n\r\n`;
    if (form !== 'chunked') {
      return `${before}HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${form === 'head' ? '' : content(size)}`;
    }
    const text = content(size);
    let body = '';
    for (let at = 0; at < size; at += chunk) {
      const part = text.slice(at, at + chunk);
      body += `${part.length.toString(16)}\r\n${part}\r\n`;
    }
    return `${before}HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 8 }),
      async (answers, cuts) => {
        let connections = 0;
        let cut = 0;
        const queue = answers.map(written);
        const server = net.createServer((socket) => {
          connections++;
          socket.setNoDelay(true);
          socket.on('data', async () => {
            for (let text = queue.shift() ?? ''; text !== ''; ) {
              const length = cuts[cut++ % cuts.length] ?? 1;
              const part = text.slice(0, length);
              text = text.slice(length);
              await new Promise((resolve) => socket.write(part, 'latin1', resolve));
            }
          });
        });
        const url = `http://${await listen(server)}/x`;
        await using client = createHttpClient(settings);
        for (const { form, size } of answers) {
          const response = await client.request({ method: form === 'head' ? 'HEAD' : 'GET', url });
          expect(await response.text()).toBe(form === 'sized' || form === 'chunked' ? content(size) : '');
        }
        expect(connections).toBe(1);
      },
    ),
    { numRuns: 60 },
  );
});

test('a connection starts from the address that was asked for', async () => {
  const from: (string | undefined)[] = [];
  const server = net.createServer((socket) => {
    from.push(socket.remoteAddress);
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
  });
  const url = `http://${(await listen(server)).replace('127.0.0.1', 'localhost')}/`;
  await using client = createHttpClient({ ...settings, bindAddress: '127.0.0.2' });
  await (await client.request({ method: 'GET', url })).discard();
  expect(from).toEqual(['127.0.0.2']);
  await using elsewhere = createHttpClient({ ...settings, bindAddress: '192.0.2.1' });
  await expect(elsewhere.request({ method: 'GET', url })).rejects.toMatchObject({ kind: 'transient' });
});

test('a connection that was closed while it was free is not used again', async () => {
  let served = 0;
  const server = net.createServer((socket) => {
    socket.on('data', () => {
      served++;
      socket.write('HTTP/1.1 204 No Content\r\n\r\n', () => socket.end());
    });
  });
  const url = `http://${await listen(server)}/`;
  await using client = createHttpClient(settings);
  for (let tries = 1; tries <= 3; tries++) {
    const ended = once(server, 'connection').then(([socket]) => once(socket as net.Socket, 'close'));
    await (await client.request({ method: 'GET', url })).discard();
    await ended;
  }
  expect(served).toBe(3);
});

test('TLS is spoken under the authority that was named, straight and through a proxy', {
  timeout: 120_000,
}, async () => {
  const { cert, key, certFile } = await makeCertificate(folder);
  const data = Buffer.alloc(3_000_000, 'data');
  const store = https.createServer({ cert, key }, async (request, response) => {
    const sent: Buffer[] = [];
    for await (const piece of request) sent.push(piece as Buffer);
    if (request.method === 'PUT') response.end(String(Buffer.concat(sent).length));
    else response.writeHead(200, { 'content-length': data.length }).end(data);
  });
  const { port } = new URL(`https://${await listen(store)}`);
  const tunnels: string[] = [];
  const proxy = http.createServer();
  proxy.on('connect', (request, socket: net.Socket) => {
    tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`);
    const far = net.connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
    for (const end of [far, socket]) end.on('error', () => {});
  });
  const environment = { https_proxy: `http://me:pw@${await listen(proxy)}` };
  const trusting = { ...settings, caCert: certFile };

  for (const host of ['127.0.0.1', 'store.example']) {
    const url = `https://${host}:${port}/x`;
    const lax = host === '127.0.0.1' ? trusting : { ...settings, insecureTls: true };
    await using client = createHttpClient(lax, environment);
    for (let tries = 0; tries < 2; tries++) {
      const { body } = await client.request({ method: 'GET', url });
      expect(Buffer.from(await collect(body)).equals(data)).toBe(true);
      const put = await client.request({ method: 'PUT', url, body: { source: sourceOf(data), length: data.length } });
      expect(await put.text()).toBe(String(data.length));
    }
    await using strict = createHttpClient(settings, environment);
    await expect(strict.request({ method: 'GET', url })).rejects.toMatchObject({ kind: 'fatal' });
  }
  await using misled = createHttpClient(trusting, environment);
  await expect(misled.request({ method: 'GET', url: `https://store.example:${port}/` })).rejects.toMatchObject({
    kind: 'fatal',
  });
  const login = `Basic ${Buffer.from('me:pw').toString('base64')}`;
  expect(new Set(tunnels)).toEqual(new Set([`store.example:${port} ${login}`]));
  store.closeAllConnections();
  proxy.closeAllConnections();
});

test('nobody at the port: told what to look at', async () => {
  await using client = createHttpClient(settings);
  await expect(client.request({ method: 'GET', url: `http://127.0.0.1:${await freePort()}/` })).rejects.toMatchObject({
    kind: 'transient',
    message: expect.stringMatching(/^127\.0\.0\.1:\d+: refuses the connection: check the address/),
  });
});

test('a connection that ends before TLS begins: told what to look at', async () => {
  const plain = net.createServer((socket) => socket.once('data', () => socket.end()));
  await using client = createHttpClient({ ...settings, lowLevelRetries: 1 });
  await expect(client.request({ method: 'GET', url: `https://${await listen(plain)}/` })).rejects.toMatchObject({
    kind: 'transient',
    message: expect.stringMatching(/closed the connection before TLS began: check http or https and the port$/),
  });
});

test.each(['http', 'https'])('a proxy for %s that is not there is named, not the store', async (scheme) => {
  const proxy = `127.0.0.1:${await freePort()}`;
  await using client = createHttpClient(
    { ...settings, lowLevelRetries: 1 },
    { HTTP_PROXY: `http://${proxy}`, HTTPS_PROXY: `http://${proxy}` },
  );
  await expect(client.request({ method: 'GET', url: `${scheme}://store.example/` })).rejects.toMatchObject({
    kind: 'transient',
    message: expect.stringContaining(`${proxy}, the proxy of HTTP_PROXY or HTTPS_PROXY: refuses the connection`),
  });
});

test('a server that wants a certificate gets it, and says so otherwise', async () => {
  const { cert, key, certFile, keyFile } = await makeCertificate(folder);
  const options = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true };
  const store = https.createServer(options, (_request, response) => response.end('ok'));
  const url = `https://${await listen(store)}/x`;
  const trusting = { ...settings, caCert: certFile };

  await using known = createHttpClient({ ...trusting, clientCert: certFile, clientKey: keyFile });
  expect(await (await known.request({ method: 'GET', url })).text()).toBe('ok');
  await using unknown = createHttpClient(trusting);
  await expect(unknown.request({ method: 'GET', url })).rejects.toMatchObject({
    kind: 'fatal',
    message: expect.stringContaining('--client-cert'),
  });
  const derFile = join(folder, 'authority.der');
  await writeFile(derFile, new X509Certificate(cert).raw);
  for (const files of [
    { clientCert: certFile },
    { clientCert: certFile, clientKey: certFile },
    { caCert: folder },
    { caCert: derFile },
  ]) {
    expect(() => createHttpClient({ ...settings, ...files })).toThrow(expect.objectContaining({ kind: 'usage' }));
  }
  store.closeAllConnections();
});

test.for(['TLSv1.2', 'TLSv1.3'] as const)(
  'a further connection by %s goes on with the session of the first',
  async (version) => {
    const { cert, key, certFile } = await makeCertificate(folder);
    const reused: boolean[] = [];
    const only = { minVersion: version, maxVersion: version };
    const store = https.createServer({ cert, key, ...only }, (_request, response) => {
      response.setHeader('connection', 'close').end('done');
    });
    store.on('secureConnection', (socket) => reused.push(socket.isSessionReused()));
    const url = `https://${await listen(store)}/x`;
    await using client = createHttpClient({ ...settings, caCert: certFile });
    for (let request = 0; request < 2; request++) {
      expect(await (await client.request({ method: 'GET', url })).text()).toBe('done');
    }
    expect(reused).toEqual([false, true]);
  },
);

test.for([0, 30 * 86_400_000, Number.POSITIVE_INFINITY])(
  'no limit of time and a very long one leave time to connect and to answer: %d',
  async (limit) => {
    const { key, cert } = await makeCertificate(folder);
    const server = https.createServer({ key, cert }, (_, response) => setTimeout(() => response.end('late'), 100));
    const address = await listen(server);
    const relay = net.createServer((socket) => {
      setTimeout(() => socket.pipe(net.connect(Number(address.split(':')[1]), '127.0.0.1')).pipe(socket), 100);
    });
    const url = `https://${await listen(relay)}/x`;
    await using client = createHttpClient({ ...settings, connectTimeout: limit, timeout: limit, insecureTls: true });
    expect(await (await client.request({ method: 'GET', url })).text()).toBe('late');
  },
);
