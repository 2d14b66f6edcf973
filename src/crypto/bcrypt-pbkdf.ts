import bcrypt from 'bcrypt-pbkdf';
import { Failure } from '../core/failure.ts';

/** OpenBSD's bcrypt_pbkdf, which protects OpenSSH's keys. One round takes about 10 ms.
 *  Throws Failure('corrupt') for what it does not take: an empty password or salt, no round, more than 1,024 bytes. */
export function bcryptPbkdf(password: Uint8Array, salt: Uint8Array, rounds: number, length: number): Uint8Array {
  const key = new Uint8Array(length);
  if (bcrypt.pbkdf(password, password.length, salt, salt.length, key, length, rounds) !== 0) {
    throw new Failure('corrupt', `bcrypt_pbkdf takes no ${rounds} rounds over ${salt.length} bytes of salt`);
  }
  return key;
}
