import { describe, expect, test } from 'vitest';
import { isInTheClear, keystoneAddress } from '../../src/login/auth-url.ts';

describe('the address of a Keystone', () => {
  test.each([
    ['https://pouta.csc.fi:5001/v3', 'https://pouta.csc.fi:5001/v3'],
    ['https://pouta.csc.fi:5001/v3/', 'https://pouta.csc.fi:5001/v3'],
    ['https://pouta.csc.fi:5001', 'https://pouta.csc.fi:5001/v3'],
    ['https://example.org/identity/', 'https://example.org/identity/v3'],
    ['https://example.org/v3/auth/tokens', 'https://example.org/v3'],
  ])('%s is that of its version 3', (given, expected) => {
    expect(keystoneAddress(given)).toBe(expected);
  });

  test.each([
    ['pouta.csc.fi:5001', /give the address of a Keystone/],
    ['ftp://example.org/v3', /give the address of a Keystone/],
    ['https://', /give the address of a Keystone/],
    ['https://example.org:5000/v2.0/', /Keystone v2.*\/v3/],
    ['https://example.org/auth/v1.0', /version 1/],
    ['https://example.org/v3?x=1', /leave out what follows/],
  ])('%s is refused', (given, reason) => {
    expect(() => keystoneAddress(given)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringMatching(reason) }),
    );
  });

  test('with a password in it is refused without showing it', () => {
    expect(() => keystoneAddress('https://me:SECRET@example.org/v3')).toThrow(/leave the user and password out/);
    expect(() => keystoneAddress('https://me:SECRET@example.org/v3')).not.toThrow(/SECRET/);
  });

  test('tells whether a password is safe on its way there', () => {
    expect(isInTheClear('http://example.org/v3')).toBe(true);
    expect(isInTheClear('https://example.org/v3')).toBe(false);
  });
});
