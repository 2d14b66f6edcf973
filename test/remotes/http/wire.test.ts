import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BodyPieces } from '../../../src/remotes/http/body-pieces.ts';
import { framingOf } from '../../../src/remotes/http/framing.ts';
import { parseHead, requestHead } from '../../../src/remotes/http/head.ts';

describe('the head of a request', () => {
  test('is its line, its headers and an empty line', () => {
    const head = requestHead('GET', '/a?b', { host: 'x', 'x-name': 'v w' });
    expect(head).toBe('GET /a?b HTTP/1.1\r\nhost: x\r\nx-name: v w\r\n\r\n');
  });

  test.for(['a\r\nb: c', 'a\nb', 'a\0'])('takes no value like %j', (value) => {
    expect(() => requestHead('GET', '/', { a: value })).toThrow(expect.objectContaining({ kind: 'usage' }));
  });

  test.for(['/a b', '/a\r\nx: y', '', '/☃'])('takes no address like %j', (target) => {
    expect(() => requestHead('GET', target, {})).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('the head of an answer', () => {
  test('gives status and headers, repeated ones joined', () => {
    const { status, headers } = parseHead('HTTP/1.1 200 OK\r\nA: 1 \r\nX-B:\t2\r\na: 3\r\n__proto__: x');
    expect(status).toBe(200);
    expect(Object.entries(headers)).toEqual([
      ['a', '1, 3'],
      ['x-b', '2'],
      ['__proto__', 'x'],
    ]);
    expect(headers.constructor).toBeUndefined();
  });

  test('may have no reason, and tells whether the connection is kept', () => {
    expect(parseHead('HTTP/1.1 404').isKept).toBe(true);
    expect(parseHead('HTTP/1.1 404 \r\nConnection: Close').isKept).toBe(false);
    expect(parseHead('HTTP/1.0 200 OK').isKept).toBe(false);
    expect(parseHead('HTTP/1.0 200 OK\r\nConnection: Keep-Alive').isKept).toBe(true);
  });

  test.for([
    '',
    '0',
    'HTTP/2 200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000',
    'HTTP/1.1 200 OK\r\nno colon',
    'HTTP/1.1 200 OK\r\n: none',
    'HTTP/1.1 200 OK\r\na: b\r\n folded',
    'HTTP/1.1 200 OK\r\na : b',
    'HTTP/1.1 200 OK\r\na: b\nc: d',
    'HTTP/1.1 200 OK\r\na: b\0',
  ])('is not %j', (text) => {
    expect(() => parseHead(text)).toThrow('not HTTP/1.1');
  });
});

describe('the end of a body', () => {
  const framing = (headers: Record<string, string>, status = 200, method = 'GET') =>
    framingOf(method, { status, headers, isKept: true });

  test('comes at once after HEAD, 204 and 304', () => {
    const headers = { 'content-length': '5' };
    expect(framing(headers, 200, 'HEAD').isEnded).toBe(true);
    expect(framing(headers, 204).isEnded).toBe(true);
    expect(framing(headers, 304).isEnded).toBe(true);
  });

  test('comes by length, or with the connection', () => {
    expect(framing({ 'content-length': '5' }).ahead).toBe(5);
    expect(framing({}).ahead).toBe(Number.POSITIVE_INFINITY);
  });

  test.for([
    { 'content-length': '5, 6' },
    { 'content-length': '-1' },
    { 'content-length': '0x5' },
    { 'content-length': '' },
    { 'content-length': '5', 'transfer-encoding': 'chunked' },
    { 'transfer-encoding': 'gzip, chunked' },
  ])('is not guessed from %j', (headers) => {
    expect(() => framing(headers as Record<string, string>)).toThrow('not HTTP/1.1');
  });

  /** The body, and what stands behind it, as the framing finds them in pieces of `step`. */
  const unframe = (text: string, step: number) => {
    const chunks = framing({ 'transfer-encoding': 'chunked' });
    let body = '';
    let offset = 0;
    while (offset < text.length && !chunks.isEnded) {
      const piece = Buffer.from(text.slice(offset, offset + step));
      if (chunks.ahead === 0) {
        offset += chunks.skip(piece);
      } else {
        const part = piece.subarray(0, chunks.ahead);
        body += part.toString();
        chunks.advance(part.length);
        offset += part.length;
      }
    }
    return { body, rest: text.slice(offset), isEnded: chunks.isEnded };
  };

  test('of chunks is found however they come', () => {
    const bodies = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }));
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 50 }), fc.boolean(), (parts, step, isTrailed) => {
        const framed = parts.map((part) => `${part.length.toString(16)};x=y\r\n${part}\r\n`).join('');
        const text = `${framed}0\r\n${isTrailed ? 'a: b\r\n' : ''}\r\nnext`;
        expect(unframe(text, step)).toEqual({ body: parts.join(''), rest: 'next', isEnded: true });
      }),
    );
  });

  test('of chunks is not waited for behind trailers without an end', () => {
    const chunks = framing({ 'transfer-encoding': 'chunked' });
    chunks.skip(Buffer.from('0\r\n'));
    const endless = () => {
      for (let count = 0; count < 10_000; count++) chunks.skip(Buffer.from('a: trailer\r\n'));
    };
    expect(endless).toThrow('not HTTP/1.1');
  });

  test.for(['x\r\n', '-1\r\n', '\r\n', '5\nhello', '2\r\nabc\r\n', `${'0'.repeat(9000)}\r\n`])(
    'of chunks is not guessed from %j',
    (text) => {
      expect(() => unframe(text, 10_000)).toThrow('not HTTP/1.1');
    },
  );
});

test('pieces of a body stay as they are while two more are made', () => {
  const size = 1 << 20;
  const pieces = new BodyPieces(Number.POSITIVE_INFINITY);
  const taken: Uint8Array[] = [];
  for (let value = 1; value <= 7; value++) {
    while (!pieces.isFull) {
      const room = pieces.room().subarray(0, 300_000);
      room.fill(value);
      pieces.fill(room.length);
    }
    expect(taken.slice(-1).every((piece) => piece.every((byte) => byte === value - 1))).toBe(true);
    taken.push(pieces.take());
    expect(taken.at(-1)).toHaveLength(size);
    for (const [index, piece] of taken.slice(-2).entries()) {
      expect(piece.every((byte) => byte === value - Math.min(taken.length, 2) + 1 + index)).toBe(true);
    }
  }
  expect(pieces.take()).toHaveLength(0);
});
