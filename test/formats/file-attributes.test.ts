import { expect, test } from 'vitest';
import {
  decodeAttributes,
  encodeAttributes,
  type FileAttributes,
  noAttributes,
} from '../../src/formats/file-attributes.ts';

const sample: FileAttributes = {
  mode: 0o4750,
  uid: 1000,
  gid: 4_294_967_294,
  extended: new Map([
    ['user.origin', Buffer.from('sequencer 7')],
    ['user.empty', new Uint8Array(0)],
    ['user.\udcff', Buffer.from([0, 255])],
  ]),
};
// Written by version 1, for ever to be read.
const written =
  '01010002 09e8 020004 000003e8 030004 fffffffe 040017 0b 757365722e6f726967696e 73657175656e6365722037 04000b 0a 757365722e656d707479 040009 06 757365722eff 00ff'.replaceAll(
    ' ',
    '',
  );

test('attributes are written as they always were, and read back', () => {
  expect(Buffer.from(encodeAttributes(sample)).toString('hex')).toBe(written);
  const { extended, ...numbers } = decodeAttributes(Buffer.from(written, 'hex')) as FileAttributes;
  expect(numbers).toEqual({ mode: 0o4750, uid: 1000, gid: 4_294_967_294 });
  expect([...extended].map(([name, value]) => [name, Buffer.from(value).toString('latin1')])).toEqual([
    ['user.origin', 'sequencer 7'],
    ['user.empty', ''],
    ['user.\udcff', '\0\xff'],
  ]);
});

test('what is not set stays out', () => {
  expect(Buffer.from(encodeAttributes(noAttributes)).toString('hex')).toBe('01');
  expect(decodeAttributes(Buffer.of(1))).toEqual(noAttributes);
  expect(decodeAttributes(encodeAttributes({ mode: 0, extended: new Map() }))).toEqual({
    mode: 0,
    extended: new Map(),
  });
});

test('what another version wrote, or nobody, is not guessed at', () => {
  const bytes = Buffer.from(written, 'hex');
  const whole = [1, 6, 13, 20];
  for (let length = 0; length < bytes.length; length++) {
    const cut = decodeAttributes(bytes.subarray(0, length));
    if (cut) whole.push(length);
  }
  // At the borders between fields, what is left is whole.
  expect(new Set(whole)).toEqual(new Set([1, 6, 13, 20, 46, 60]));
  expect(decodeAttributes(Buffer.of(2))).toBeNull();
  expect(decodeAttributes(Buffer.of(1, 9, 0, 0))).toBeNull();
  expect(decodeAttributes(Buffer.of(1, 1, 0, 1, 7))).toBeNull();
  expect(decodeAttributes(Buffer.of(1, 4, 0, 1, 0))).toBeNull();
});
