import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToName, isValidText, nameToBytes } from '../../src/core/name-bytes.ts';

test('any bytes come back from the name that carries them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(nameToBytes(bytesToName(bytes))).toEqual(bytes);
    }),
    { numRuns: 5000 },
  );
});

test('any text is its own UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(bytesToName(new TextEncoder().encode(text))).toBe(text);
      expect(isValidText(text)).toBe(true);
    }),
  );
});

test.for([
  ['a stray byte', [0x61, 0xff], 'a\udcff'],
  ['a cut sequence', [0xe2, 0x82], '\udce2\udc82'],
  ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
  ['a surrogate in UTF-8', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
  ['a code point past the last', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
  ['a real replacement character', [0xef, 0xbf, 0xbd], '\ufffd'],
  ['a byte order mark', [0xef, 0xbb, 0xbf], '\ufeff'],
] as const)('%s stands byte by byte', ([, bytes, name]) => {
  expect(bytesToName(Uint8Array.from(bytes))).toBe(name);
  expect(nameToBytes(name)).toEqual(Uint8Array.from(bytes));
});
