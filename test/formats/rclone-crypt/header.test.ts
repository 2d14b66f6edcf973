import { expect, test } from 'vitest';
import { formatHeader, parseHeader } from '../../../src/formats/rclone-crypt/header.ts';

const nonce = (...bytes: number[]) => Uint8Array.from({ length: 24 }, (_, i) => bytes[i] ?? 0);

test('a header is read back, and what is none is refused by name', () => {
  const value = nonce(1, 2, 3);
  expect(parseHeader(formatHeader(value), 'a/b')).toEqual(value);
  expect(() => parseHeader(formatHeader(value).subarray(0, 31), 'a/b')).toThrow('a/b: too short');
  expect(() => parseHeader(new Uint8Array(32), 'a/b')).toThrow('a/b: not a file that');
});
