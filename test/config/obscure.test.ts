import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { obscure, reveal } from '../../src/config/obscure.ts';
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

describe('reveal refuses, without repeating it,', () => {
  test.each([
    ['a plain password', 'correct horse'],
    ['a short one that happens to be base64url', 'potato'],
    ['a long one that happens to be base64url', 'CorrectHorseBatteryStapleCorrectHorse'],
    ['padding', `${obscure('abc')}=`],
    ['an impossible length', `${obscure('ab')}A`],
  ])('%s', (_, text) => {
    expect(() => reveal(text)).toThrow(/^not an obscured password: /);
    expect(() => reveal(text)).not.toThrow(text);
  });
});
