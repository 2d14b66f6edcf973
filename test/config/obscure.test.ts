import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obscure, reveal } from '../../src/config/obscure.ts';
import { bytesToName, nameToBytes } from '../../src/core/name-bytes.ts';
import { requirePeer } from '../servers/peers.ts';
import { mustRun } from '../servers/run.ts';

requirePeer('rclone');

const hostile = [
  'potato',
  'ä ö 中文 🗝',
  ' leading and trailing ',
  'a"b\'c`d#e;f=g',
  '%(name)s',
  'x'.repeat(100),
  '-dash',
  '\ufeffbom',
];

describe('obscure', () => {
  test('reveals what it hid, for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (password) => reveal(obscure(password)) === password));
  });

  test('gives the known text for a known IV', () => {
    expect(obscure('potato', (size) => new Uint8Array(size).fill(0x61))).toBe('YWFhYWFhYWFhYWFhYWFhYXMaGgIlEQ');
  });

  test.each(hostile)('is revealed by rclone: %j', async (password) => {
    expect(await mustRun('rclone', ['reveal', '--', obscure(password)])).toBe(`${password}\n`);
  });

  test.each(hostile)('reveals what rclone obscured: %j', async (password) => {
    const obscured = await mustRun('rclone', ['obscure', '--', password]);
    expect(reveal(obscured.trim())).toBe(password);
  });
});

test('what reveals bytes that are not UTF-8 is kept byte for byte: some configs hold such passwords', () => {
  const bytes = Buffer.from([0xff, 0x00, 0x61, 0xc3, 0x28]);
  const name = bytesToName(bytes);
  expect(Buffer.from(nameToBytes(reveal(obscure(name))))).toEqual(bytes);
});

describe('reveal refuses, without repeating it,', () => {
  test.each([
    ['a plain password', 'correct horse'],
    ['a short one that happens to be base64url', 'potato'],
    ['padding', `${obscure('abc')}=`],
    ['an impossible length', `${obscure('ab')}A`],
  ])('%s', (_, text) => {
    expect(() => reveal(text)).toThrow(/^not an obscured password: /);
    expect(() => reveal(text)).not.toThrow(text);
  });
});
