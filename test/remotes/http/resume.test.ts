import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { collect, type Range } from '../../../src/core/bytes.ts';
import type { FileEntry } from '../../../src/core/entry.ts';
import { Failure } from '../../../src/core/failure.ts';
import { silentReport } from '../../../src/core/report.ts';
import { createHttpClient } from '../../../src/remotes/http/client.ts';
import { openedFile } from '../../../src/remotes/http/opened-file.ts';
import { type BegunRead, beginRead, type ResumableRead, resumedRead } from '../../../src/remotes/http/resume.ts';
import { transportSettings as settings } from '../settings.ts';
import { listen } from './listen.ts';

/** A read from a server that gives these answers, one a request, and then ends the connection. */
async function prepareRead(answers: readonly string[]) {
  const requests: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (request) => {
      requests.push(request.toString());
      socket.end(answers[requests.length - 1] ?? '');
    });
  });
  const url = `http://${await listen(server)}/x`;
  const client = createHttpClient(settings);
  const read: ResumableRead = { path: 'x', open: (headers) => client.request({ method: 'GET', url, headers }) };
  return { read, requests, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

async function readFrom(...answers: readonly string[]) {
  await using prepared = await prepareRead(answers);
  const bytes = resumedRead(settings, silentReport, prepared.read);
  return { text: Buffer.from(await collect(bytes)).toString(), requests: prepared.requests };
}

async function readRangeFrom(range: Range, ...answers: readonly string[]) {
  await using prepared = await prepareRead(answers);
  const bytes = resumedRead(settings, silentReport, { ...prepared.read, range });
  return { text: Buffer.from(await collect(bytes)).toString(), requests: prepared.requests };
}

const part = (range: string, body: string) =>
  `HTTP/1.1 206 Partial\r\nETag: "a"\r\nContent-Range: bytes ${range}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

async function openFrom(...answers: readonly string[]) {
  const prepared = await prepareRead(answers);
  const describe = (headers: BegunRead['headers']): FileEntry => ({
    ...{ kind: 'file', path: 'x', size: Number(headers['content-length']), modified: null },
  });
  return { opened: await openedFile(settings, silentReport, prepared.read, describe), prepared };
}

test('an answer of known length is read whole, whatever its version', async () => {
  const { text } = await readFrom('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello');
  expect(text).toBe('hello');
});

test('what broke off is taken up where it ended, if it is still the same', async () => {
  const first = 'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 5\r\n\r\nhe';
  const rest = (tag: string) =>
    `HTTP/1.1 206 Partial\r\nETag: "${tag}"\r\nContent-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\nllo`;
  const { text, requests } = await readFrom(first, rest('a'));
  expect(text).toBe('hello');
  expect(requests[1]).toMatch(/range: bytes=2-\r\n.*if-match: "a"/s);
  await expect(readFrom(first, rest('b'))).rejects.toMatchObject({ kind: 'changed' });
});

test('chunks have an end of their own', async () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n';
  expect((await readFrom(`${head}0\r\n\r\n`)).text).toBe('hello');
  await expect(readFrom(head)).rejects.toMatchObject({ kind: 'transient' });
});

test('a small file that is opened comes whole, one that is cut in pieces', async () => {
  const head = 'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n';
  const rest = 'HTTP/1.1 206 Partial\r\nETag: "a"\r\nContent-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\nllo';
  for (const [answers, whole] of [
    [[`${head}hello`], 'hello'],
    [[`${head}he`, rest], undefined],
  ] as const) {
    const { opened, prepared } = await openFrom(...answers);
    await using _prepared = prepared;
    await using file = opened;
    expect(file.entry.size).toBe(5);
    const all = await file.bytes.whole?.();
    expect(all ? Buffer.from(all).toString() : undefined).toBe(whole);
    if (!all) expect(Buffer.from(await collect(file.bytes)).toString()).toBe('hello');
  }
});

/** Begins to read a file of which the last bytes do not come, and waits until its connection has ended. */
async function untilEnded(begin: (read: ResumableRead) => Promise<void>): Promise<void> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe'));
  });
  const url = `http://${await listen(server)}/x`;
  await using client = createHttpClient(settings);
  const open = (headers: Readonly<Record<string, string>>) => client.request({ method: 'GET', url, headers });
  await begin({ path: 'x', open });
  await once(sockets[0] as net.Socket, 'close');
}

test('a file that is opened and left ends its connection', () =>
  untilEnded(async (read) => (await beginRead(settings, silentReport, read))?.close()));

test('so does one whose headers are refused', async () => {
  const refuse = (): never => {
    throw new Failure('changed', 'another one');
  };
  await untilEnded(async (read) => {
    const bytes = resumedRead(settings, silentReport, { ...read, onOpen: refuse });
    await expect(collect(bytes)).rejects.toMatchObject({ kind: 'changed' });
  });
  await untilEnded((read) =>
    expect(openedFile(settings, silentReport, read, refuse)).rejects.toMatchObject({ kind: 'changed' }),
  );
});

test('bytes that end with their connection are refused: nobody could tell whether they are all', async () => {
  await expect(readFrom('HTTP/1.0 200 OK\r\n\r\nhello')).rejects.toMatchObject({ kind: 'unsupported' });
});

test('a range that comes in parts is asked for until it is whole', async () => {
  const { text, requests } = await readRangeFrom({ start: 1, end: 6 }, part('1-3/20', 'bcd'), part('4-5/20', 'ef'));
  expect(text).toBe('bcdef');
  expect(requests[1]).toMatch(/range: bytes=4-5\r\n/);
  expect((await readRangeFrom({ start: 1, end: 60 }, part('1-3/4', 'bcd'))).text).toBe('bcd');
  expect((await readRangeFrom({ start: 1 }, part('1-3/*', 'bcd'))).text).toBe('bcd');
});

test.for([
  ['of another place', { start: 1, end: 4 }, part('0-2/20', 'abc')],
  ['of more than was asked for', { start: 1, end: 3 }, part('1-3/20', 'bcd')],
  [
    'of more than was asked for, in chunks,',
    { start: 1, end: 3 },
    'HTTP/1.1 206 P\r\nContent-Range: bytes 1-2/20\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbcd\r\n0\r\n\r\n',
  ],
  ['of a part that does not say which', { start: 1, end: 4 }, 'HTTP/1.1 206 P\r\nContent-Length: 3\r\n\r\nabc'],
  ['of all where the start was asked for', { start: 0, end: 3 }, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  ['of all where the end was asked for', { start: 3 }, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
] as const)('an answer %s is refused', async ([, range, answer]) => {
  await expect(readRangeFrom(range, answer)).rejects.toMatchObject({ kind: 'unsupported' });
});

test('a store may ignore a range that holds all there is', async () => {
  const { text } = await readRangeFrom({ start: 0, end: 9 }, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
  expect(text).toBe('hello');
});

test('under a weak tag, which matches nothing, reading goes on where the tag is still the same', async () => {
  const first = 'HTTP/1.1 200 OK\r\nETag: W/"a"\r\nContent-Length: 5\r\n\r\nhe';
  const rest = (tag: string) =>
    `HTTP/1.1 206 P\r\nETag: W/"${tag}"\r\nContent-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\nllo`;
  const { text, requests } = await readFrom(first, rest('a'));
  expect(text).toBe('hello');
  expect(requests[1]).not.toContain('if-match');
  await expect(readFrom(first, rest('b'))).rejects.toMatchObject({ kind: 'changed' });
});

test('chunks that break off are taken up too, where a tag tells that they are still the same', async () => {
  const first = (tag: string) => `HTTP/1.1 200 OK\r\n${tag}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n`;
  const rest = (tag: string) => `HTTP/1.1 206 P\r\n${tag}Content-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\nllo`;
  expect((await readFrom(first('ETag: "a"\r\n'), rest('ETag: "a"\r\n'))).text).toBe('hello');
  await expect(readFrom(first(''), rest(''))).rejects.toMatchObject({ kind: 'changed' });
});

test('bytes without a tag are taken up only where they are of the same time', async () => {
  const first = 'HTTP/1.1 200 OK\r\nLast-Modified: yesterday\r\nContent-Length: 5\r\n\r\nhe';
  const rest = (time: string) =>
    `HTTP/1.1 206 P\r\nLast-Modified: ${time}\r\nContent-Range: bytes 2-4/5\r\nContent-Length: 3\r\n\r\nllo`;
  expect((await readFrom(first, rest('yesterday'))).text).toBe('hello');
  await expect(readFrom(first, rest('today'))).rejects.toMatchObject({ kind: 'changed' });
});
