import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameEncodings } from '../../../../src/formats/rclone-crypt/names/encoding.ts';

// The first n digits of 12345678901234567890, for n = 0 … 16: TestEncodeFileName… in rclone's cipher_test.go.
const vectors = {
  base32: [
    '',
    '64',
    '64p0',
    '64p36',
    '64p36d0',
    '64p36d1l',
    '64p36d1l6o',
    '64p36d1l6org',
    '64p36d1l6orjg',
    '64p36d1l6orjge8',
    '64p36d1l6orjge9g',
    '64p36d1l6orjge9g64',
    '64p36d1l6orjge9g64p0',
    '64p36d1l6orjge9g64p36',
    '64p36d1l6orjge9g64p36d0',
    '64p36d1l6orjge9g64p36d1l',
    '64p36d1l6orjge9g64p36d1l6o',
  ],
  base64: [
    '',
    'MQ',
    'MTI',
    'MTIz',
    'MTIzNA',
    'MTIzNDU',
    'MTIzNDU2',
    'MTIzNDU2Nw',
    'MTIzNDU2Nzg',
    'MTIzNDU2Nzg5',
    'MTIzNDU2Nzg5MA',
    'MTIzNDU2Nzg5MDE',
    'MTIzNDU2Nzg5MDEy',
    'MTIzNDU2Nzg5MDEyMw',
    'MTIzNDU2Nzg5MDEyMzQ',
    'MTIzNDU2Nzg5MDEyMzQ1',
    'MTIzNDU2Nzg5MDEyMzQ1Ng',
  ],
  base32768: [
    '',
    '㼿',
    '㻙ɟ',
    '㻙ⲿ',
    '㻙ⲍƟ',
    '㻙ⲍ⍟',
    '㻙ⲍ⍆ʏ',
    '㻙ⲍ⍆觟',
    '㻙ⲍ⍆觓ɧ',
    '㻙ⲍ⍆觓栯',
    '㻙ⲍ⍆觓栩ɣ',
    '㻙ⲍ⍆觓栩朧',
    '㻙ⲍ⍆觓栩朤ʅ',
    '㻙ⲍ⍆觓栩朤談',
    '㻙ⲍ⍆觓栩朤諆ɔ',
    '㻙ⲍ⍆觓栩朤諆媕',
    '㻙ⲍ⍆觓栩朤諆媕䆿',
  ],
};

const malformed = {
  base32: ['64=', '!', 'hello=hello', '6', '64p', '64p36d', 'w0', '64\n', 'é0', '64p0 '],
  base64: ['64=', '!', 'Hello=Hello', 'M', 'MTIzN', 'M+==', 'a/b', 'MQ\n', 'MQ=='],
  base32768: ['㼿c', '!', '㻙ⲿ=㻙ⲿ', '😀', 'ɟ㻙', '㻙ɟɟ', '㼿\n'],
};

describe.for(['base32', 'base64', 'base32768'] as const)('%s', (name) => {
  const { encode, decode } = nameEncodings[name];

  test('spells and reads what rclone does', () => {
    for (const [length, text] of vectors[name].entries()) {
      const bytes = Buffer.from('12345678901234567890').subarray(0, length);
      expect(encode(bytes)).toBe(text);
      expect(Buffer.from(decode(text) ?? []).equals(bytes)).toBe(true);
    }
  });

  test('reads back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Buffer.from(decode(encode(bytes)) ?? [1, 2]).equals(bytes)).toBe(true);
      }),
    );
  });

  test('gives null for what it cannot have written', () => {
    for (const text of malformed[name]) expect(decode(text), text).toBeNull();
  });

  test('takes any text without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void decode(text)));
  });
});

test('base32 is read in either case', () => {
  const { decode } = nameEncodings.base32;
  for (const text of vectors.base32) expect(decode(text.toUpperCase())).toEqual(decode(text));
});
