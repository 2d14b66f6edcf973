import { describe, expect, test } from 'vitest';
import { type AeadName, tagSize } from '../../src/crypto/aead.ts';
import { nodeAead } from '../../src/crypto/node-aead.ts';
import { loadOpenssl } from '../../src/crypto/openssl.ts';
import { quickAead } from '../../src/crypto/quick-aead.ts';

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + 1);
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const key = counting(32);
const nonce = counting(12);
const context = counting(20);

const names: readonly AeadName[] = ['aes-256-gcm', 'chacha20-poly1305'];
const all = names.flatMap((name) => [
  { name, by: 'node', aead: nodeAead(name) },
  { name, by: 'openssl', aead: loadOpenssl(name) },
]);

test('OpenSSL is called without copies where that can be', () => {
  const how = names.map((name) => quickAead(name).seal.toString());
  expect(how).toEqual(names.map((name) => loadOpenssl(name).seal.toString()));
});

test.for(all.slice(0, 2))('aes-256-gcm by $by seals as test case 16 of the specification of GCM says', ({ aead }) => {
  const plain = hex(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  );
  const box = new Uint8Array(plain.length + tagSize);
  aead.seal(
    box,
    plain,
    hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
    hex('cafebabefacedbaddecaf888'),
    hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
  );
  expect(Buffer.from(box).toString('hex')).toBe(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b',
  );
});

describe.each(all)('$name by $by', ({ name, aead: { seal, open } }) => {
  function sealed(plain: Uint8Array, of: Uint8Array = context): Uint8Array {
    const box = new Uint8Array(plain.length + tagSize);
    seal(box, plain, of, nonce, key);
    return box;
  }

  test.for([0, 1, 15, 16, 17, 1000, 65_536])('%i bytes are sealed as node seals them, and opened again', (length) => {
    const plain = counting(length);
    const expected = new Uint8Array(length + tagSize);
    nodeAead(name).seal(expected, plain, context, nonce, key);
    const box = sealed(plain);
    expect(Buffer.compare(box, expected)).toBe(0);
    const opened = new Uint8Array(length);
    expect(open(opened, box, context, nonce, key)).toBe(true);
    expect(Buffer.compare(opened, plain)).toBe(0);
  });

  test('nothing is written beside the bytes that were given', () => {
    const room = new Uint8Array(100).fill(9);
    seal(room.subarray(10, 90), counting(80 - tagSize), context, nonce, key);
    expect([...room.subarray(0, 10), ...room.subarray(90)]).toEqual(new Array(20).fill(9));
  });

  test('a box with any bit changed, another context, nonce or key does not open, and the right one does afterwards', () => {
    const box = sealed(counting(33));
    const out = new Uint8Array(33);
    for (let bit = 0; bit < box.length * 8; bit++) {
      const changed = box.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(open(out, changed, context, nonce, key)).toBe(false);
    }
    expect(open(out, box, counting(19), nonce, key)).toBe(false);
    expect(open(out, box, context, new Uint8Array(12), key)).toBe(false);
    expect(open(out, box, context, nonce, new Uint8Array(32))).toBe(false);
    expect(open(out, box, context, nonce, key)).toBe(true);
    expect(out).toEqual(counting(33));
  });
});

test('lengths that do not fit are refused: memory is written to by address', () => {
  const { seal, open } = loadOpenssl('aes-256-gcm');
  expect(() => seal(new Uint8Array(20), counting(10), context, nonce, key)).toThrow('do not fit');
  expect(() => seal(new Uint8Array(26), counting(10), context, counting(11), key)).toThrow('do not fit');
  expect(() => open(new Uint8Array(10), counting(26), context, nonce, counting(31))).toThrow('do not fit');
  expect(() => open(new Uint8Array(11), counting(26), context, nonce, key)).toThrow('do not fit');
});
