import { describe, expect, test } from 'vitest';
import { collect } from '../../../src/core/bytes.ts';
import { newKeyPair } from '../../../src/crypto/x25519.ts';
import { fingerprint } from '../../../src/formats/crypt4gh/fingerprint.ts';
import { formatHeader, openHeader, parseHeader, sealHeader } from '../../../src/formats/crypt4gh/header.ts';
import { splitHeader } from '../../../src/formats/crypt4gh/header-stream.ts';
import { sealPacket } from '../../../src/formats/crypt4gh/packet.ts';
import { formatDataKey, formatEditList } from '../../../src/formats/crypt4gh/payload.ts';
import { pieces } from '../rclone-crypt/streams.ts';

const maker = newKeyPair();
const reader = newKeyPair();
const other = newKeyPair();
const dataKey = new Uint8Array(32).fill(7);
const secondKey = new Uint8Array(32).fill(8);
const toReader = (payload: Uint8Array) => sealPacket(payload, maker, reader.public);
const open = (...packets: Uint8Array[]) => openHeader(packets, reader, 'a/b');

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const preamble = (version: number, count: number) =>
  Buffer.concat([Buffer.from('crypt4gh'), uint32(version), uint32(count)]);

describe('a header', () => {
  test('of one recipient has 124 bytes, and says who wrote it', () => {
    const header = sealHeader({ dataKeys: [dataKey], edits: null }, maker, [reader.public]);
    expect(header).toHaveLength(124);
    const { packets, length } = parseHeader(Buffer.concat([header, Buffer.from('body')]), 'a/b');
    expect(length).toBe(124);
    expect(open(...packets)).toMatchObject({ dataKeys: [dataKey], edits: null, writers: [maker.public], others: [] });
  });

  test('carries several data keys and an edit list to several recipients', () => {
    const contents = { dataKeys: [dataKey, secondKey], edits: [1, 2, 3] };
    const { packets } = parseHeader(sealHeader(contents, maker, [other.public, reader.public]), 'a/b');
    expect(packets).toHaveLength(6);
    for (const key of [reader, other]) {
      const opened = openHeader(packets, key, 'a/b');
      expect(opened).toMatchObject(contents);
      expect(opened.others).toHaveLength(3);
    }
  });

  test('may hold padding, packets for others and packets of other methods', () => {
    const padded = toReader(Buffer.concat([formatDataKey(dataKey), new Uint8Array(100)]));
    const edits = toReader(Buffer.concat([formatEditList([5]), Buffer.alloc(3, 0xff)]));
    const foreign = sealPacket(formatDataKey(secondKey), maker, other.public);
    const unknownMethod = Buffer.from(toReader(formatDataKey(secondKey)));
    unknownMethod.writeUInt32LE(1);
    const opened = open(foreign, new Uint8Array(0), padded, unknownMethod, edits);
    expect(opened).toMatchObject({ dataKeys: [dataKey], edits: [5] });
    expect(opened.others).toEqual([foreign, new Uint8Array(0), unknownMethod]);
  });

  test('can be held to one sender', () => {
    const bySomebody = sealPacket(formatDataKey(secondKey), other, reader.public);
    const packets = [bySomebody, toReader(formatDataKey(dataKey))];
    expect(openHeader(packets, reader, 'a/b').dataKeys).toHaveLength(2);
    expect(openHeader(packets, reader, 'a/b', maker.public).dataKeys).toEqual([dataKey]);
    expect(() => openHeader([bySomebody], reader, 'a/b', maker.public)).toThrow(
      `by ${fingerprint(maker.public)}: its one header packet is for others, or by others`,
    );
  });

  test('gives the same data key once', () => {
    expect(open(toReader(formatDataKey(dataKey)), toReader(formatDataKey(dataKey))).dataKeys).toEqual([dataKey]);
  });

  test('comes off the front of a stream however that is cut', async () => {
    const header = sealHeader({ dataKeys: [dataKey], edits: null }, maker, [reader.public, other.public]);
    const body = Buffer.from('the body');
    for (const lengths of [[1], [7], [16, 4], [header.length], [header.length + 3], [1000]]) {
      const split = await splitHeader(pieces(Buffer.concat([header, body]), lengths), 'a/b');
      expect(split.header).toEqual(parseHeader(header, 'a/b'));
      expect(body.equals(await collect(split.body))).toBe(true);
    }
  });

  test('that ends too early ends the stream that it came from', async () => {
    let isClosed = false;
    async function* source() {
      try {
        yield preamble(1, 3);
        yield uint32(108);
      } finally {
        isClosed = true;
      }
    }
    await expect(splitHeader(source(), 'a/b')).rejects.toThrow('a/b: ends in the middle of its header');
    expect(isClosed).toBe(true);
  });
});

describe('a hostile header is refused', () => {
  test.for([
    ['nothing', Buffer.alloc(0), 'corrupt'],
    ['another magic', Buffer.from('crypt4gH\x01\0\0\0\x01\0\0\0'), 'corrupt'],
    ['a cut preamble', preamble(1, 1).subarray(0, 15), 'corrupt'],
    ['version 2', preamble(2, 1), 'unsupported'],
    ['four thousand million packets', preamble(1, 0xffff_ffff), 'unsupported'],
    ['a packet of 3 bytes', Buffer.concat([preamble(1, 1), uint32(3)]), 'corrupt'],
    ['a packet of 4 GiB', Buffer.concat([preamble(1, 1), uint32(0xffff_ffff)]), 'unsupported'],
    ['a packet that is cut', Buffer.concat([preamble(1, 1), uint32(108), Buffer.alloc(103)]), 'corrupt'],
  ] as const)('%s', async ([, bytes, kind]) => {
    expect(() => parseHeader(bytes, 'a/b')).toThrow(expect.objectContaining({ kind, path: 'a/b' }));
    await expect(splitHeader(pieces(bytes, [5]), 'a/b')).rejects.toMatchObject({ kind, path: 'a/b' });
  });

  const edits = (...bytes: Uint8Array[]) => Buffer.concat([uint32(1), ...bytes]);
  const uint64 = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  };

  test.for([
    ['no data key', [], 'denied'],
    ['an edit list alone', [formatEditList([1])], 'denied'],
    ['two edit lists', [formatDataKey(dataKey), formatEditList([1]), formatEditList([1])], 'corrupt'],
    ['an unknown type', [formatDataKey(dataKey), Buffer.concat([uint32(2), uint32(0)])], 'unsupported'],
    ['an unknown cipher', [Buffer.concat([uint32(0), uint32(1), dataKey])], 'unsupported'],
    ['a short data key', [formatDataKey(dataKey).subarray(0, 39)], 'corrupt'],
    ['an empty packet', [new Uint8Array(0)], 'corrupt'],
    ['an edit list that is too short', [edits(uint32(2), uint64(1n))], 'corrupt'],
    ['an edit list of no length at all', [edits(uint32(0xffff_ffff))], 'corrupt'],
    ['an edit list past the end of all files', [edits(uint32(2), uint64(1n << 63n), uint64(1n))], 'corrupt'],
  ] as const)('%s', ([, payloads, kind]) => {
    expect(() => open(...payloads.map(toReader))).toThrow(expect.objectContaining({ kind, path: 'a/b' }));
  });

  test('more data keys than a chunk is worth trying', () => {
    const keys = Array.from({ length: 101 }, (_, i) => toReader(formatDataKey(new Uint8Array(32).fill(i))));
    expect(() => open(...keys)).toThrow('too many data keys');
  });

  test('as many packets as are allowed are looked through', () => {
    const packet = sealPacket(formatDataKey(dataKey), maker, other.public);
    const header = formatHeader(Array.from({ length: 10_000 }, () => packet));
    expect(() => openHeader(parseHeader(header, 'a/b').packets, reader, 'a/b')).toThrow('not sealed to your key');
  });
});
