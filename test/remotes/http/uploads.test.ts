import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Bytes, onceSource, type Source } from '../../../src/core/bytes.ts';
import { createHttpClient } from '../../../src/remotes/http/client.ts';
import { transportSettings as settings } from '../settings.ts';
import { listen } from './listen.ts';

test('an answer before the end of the body is read, though the connection is reset behind it', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
      // What was not read makes this a reset.
      socket.destroy();
      server.emit('refused');
    });
  });
  const refused = once(server, 'refused');
  const url = `http://${await listen(server)}/x`;
  await using client = createHttpClient(settings);
  const source: Source = {
    size: 400_000,
    replayable: true,
    async *open() {
      yield new Uint8Array(200_000);
      await refused;
      yield new Uint8Array(200_000);
    },
  };
  const response = await client.request({ method: 'PUT', url, body: { source, length: source.size } });
  expect(response.status).toBe(403);
  expect(await response.text()).toBe('no');
});

describe('a body that can be read once', () => {
  const stream = () => {
    const state = { isOpened: false };
    async function* bytes(): Bytes {
      state.isOpened = true;
      yield Buffer.from('some ');
      yield Buffer.from('bytes');
    }
    return { state, body: { source: onceSource(bytes()), length: null } };
  };
  const bodyOf = async (request: http.IncomingMessage): Promise<string> => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    return Buffer.concat(pieces).toString();
  };

  test('is not touched before the server wants it: another request can still send it', async () => {
    const server = http.createServer();
    server.on('checkContinue', async (request: http.IncomingMessage, response: http.ServerResponse) => {
      if (request.headers.authorization !== 'good') return response.writeHead(401, { 'content-length': 2 }).end('no');
      response.writeContinue();
      response.end(await bodyOf(request));
    });
    const url = `http://${await listen(server)}/x`;
    await using client = createHttpClient(settings);
    const { state, body } = stream();
    const refused = await client.request({ method: 'PUT', url, body });
    expect(refused.status).toBe(401);
    expect(await refused.text()).toBe('no');
    expect(state.isOpened).toBe(false);
    const taken = await client.request({ method: 'PUT', url, body, headers: { authorization: 'good' } });
    expect(await taken.text()).toBe('some bytes');
  });

  test('is sent to a server that does not say whether it wants it', async () => {
    const server = http.createServer();
    server.on('checkContinue', async (request: http.IncomingMessage, response: http.ServerResponse) =>
      response.end(await bodyOf(request)),
    );
    await using client = createHttpClient(settings);
    const answer = await client.request({
      method: 'PUT',
      url: `http://${await listen(server)}/x`,
      body: stream().body,
    });
    expect(await answer.text()).toBe('some bytes');
  });

  test('goes over a new connection: a kept one may just be closing', async () => {
    let connections = 0;
    const server = http.createServer(async (request, response) => response.end(await bodyOf(request)));
    server.on('connection', () => connections++);
    const url = `http://${await listen(server)}/x`;
    await using client = createHttpClient(settings);
    for (let tries = 1; tries <= 2; tries++) {
      expect(await (await client.request({ method: 'PUT', url, body: stream().body })).text()).toBe('some bytes');
      expect(connections).toBe(tries);
      await (await client.request({ method: 'GET', url })).discard();
      expect(connections).toBe(tries);
    }
  });
});
