import { createHash } from 'node:crypto';
import http from 'node:http';
import { expect, it } from 'vitest';
import { collect, sourceOf } from '../../../src/core/bytes.ts';
import { createBandwidth } from '../../../src/core/pace.ts';
import { parseTimetable } from '../../../src/core/timetable.ts';
import { createHttpClient } from '../../../src/remotes/http/client.ts';
import { transportSettings } from '../settings.ts';
import { listen } from './listen.ts';

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** Gives back what it is sent; of a GET, 3 MiB that do not repeat. */
function echo(): http.Server {
  return http.createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    response.end(request.method === 'GET' ? big : Buffer.concat(pieces));
  });
}

const big = Buffer.from(
  Array.from({ length: 3 << 18 }, (_, index) => Math.imul(index, 2_654_435_761)).flatMap((word) => [
    word & 255,
    (word >> 8) & 255,
    (word >> 16) & 255,
    word >>> 24,
  ]),
);

function clientWith(limit: string) {
  const bandwidth = createBandwidth(parseTimetable(limit), null);
  return createHttpClient({ ...transportSettings, bandwidth, timeout: 1000 });
}

it('what comes from a server is the same, and takes its time', async () => {
  const url = `http://${await listen(echo())}/`;
  await using client = clientWith('off:2M');
  const since = performance.now();
  for (let time = 0; time < 2; time++) {
    const { body } = await client.request({ method: 'GET', url });
    expect(digest(await collect(body))).toBe(digest(big));
  }
  expect(performance.now() - since).toBeGreaterThan(1500);
});

it('two answers at once share the limit', async () => {
  const url = `http://${await listen(echo())}/`;
  await using client = clientWith('off:2M');
  const since = performance.now();
  const read = async () => digest(await collect((await client.request({ method: 'GET', url })).body));
  expect(await Promise.all([read(), read()])).toEqual([digest(big), digest(big)]);
  expect(performance.now() - since).toBeGreaterThan(1500);
});

it('what is sent is the same, as a stream and as an array, and takes its time', async () => {
  const url = `http://${await listen(echo())}/`;
  await using client = clientWith('2M:off');
  const since = performance.now();
  for (const body of [big, { source: sourceOf(big), length: big.length }, { source: sourceOf(big), length: null }]) {
    const response = await client.request({ method: 'PUT', url, body });
    expect(digest(await collect(response.body))).toBe(digest(big));
  }
  expect(performance.now() - since).toBeGreaterThan(3000);
});

it('a reader that takes its time meets no byte out of place', async () => {
  const url = `http://${await listen(echo())}/`;
  await using client = clientWith('8M');
  const { body } = await client.request({ method: 'GET', url });
  const hash = createHash('sha256');
  for await (const piece of body) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    hash.update(piece);
  }
  expect(hash.digest('hex')).toBe(digest(big));
});

it('an answer that is given up leaves the client in order', async () => {
  const url = `http://${await listen(echo())}/`;
  await using client = clientWith('2M');
  const given = await client.request({ method: 'GET', url });
  for await (const _ of given.body) break;
  const { body } = await client.request({ method: 'PUT', url, body: Buffer.from('small') });
  expect(Buffer.from(await collect(body)).toString()).toBe('small');
});
