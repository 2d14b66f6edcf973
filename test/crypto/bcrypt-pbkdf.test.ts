import { expect, test } from 'vitest';
import { bcryptPbkdf } from '../../src/crypto/bcrypt-pbkdf.ts';

test('bcrypt_pbkdf derives what OpenBSD derives', () => {
  const derived = bcryptPbkdf(Buffer.from('password'), Buffer.from('salt'), 4, 32);
  expect(Buffer.from(derived).toString('hex')).toBe('5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9');
});

test('what it does not take is refused', () => {
  const some = Buffer.from('some');
  const none = new Uint8Array(0);
  expect(() => bcryptPbkdf(none, some, 4, 32)).toThrow('bcrypt_pbkdf');
  expect(() => bcryptPbkdf(some, none, 4, 32)).toThrow('bcrypt_pbkdf');
  expect(() => bcryptPbkdf(some, some, 0, 32)).toThrow('bcrypt_pbkdf');
});
