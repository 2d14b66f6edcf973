import { pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { Failure } from '../../core/failure.ts';

const scryptAsync = promisify<Uint8Array, Uint8Array, number, object, Uint8Array>(scrypt);
const pbkdf2Async = promisify(pbkdf2);

/** What turns a passphrase into the key that seals a secret key. The names stand in the files. */
export interface Kdf {
  readonly name: string;
  readonly salt: Uint8Array;
  /** 0 for scrypt, whose cost is fixed. */
  readonly rounds: number;
}

/** How few and how many rounds we do: a hostile key file must not occupy the machine for hours. */
const knownRounds: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['scrypt', [0, 0xffffffff]],
  ['bcrypt', [1, 2_000]],
  ['pbkdf2_hmac_sha256', [1, 10_000_000]],
]);

/** Throws Failure('unsupported') for a KDF that is not known, and for one without rounds or with more than anyone uses. */
export async function deriveKey(kdf: Kdf, passphrase: string, length: number): Promise<Uint8Array> {
  const { name, salt, rounds } = kdf;
  const known = knownRounds.get(name);
  if (!known) throw new Failure('unsupported', `the key derivation "${name}" is not known`);
  const [least, most] = known;
  if (rounds < least || rounds > most) {
    throw new Failure('unsupported', `${rounds} rounds of ${name} are out of bounds: ${least} to ${most}`);
  }
  const password = Buffer.from(passphrase);
  try {
    if (name === 'scrypt') return await scryptAsync(password, salt, length, { N: 1 << 14, r: 8, p: 1 });
    if (name === 'bcrypt') {
      // It has tables that take longer to make than most commands run.
      const { bcryptPbkdf } = await import('../../crypto/bcrypt-pbkdf.ts');
      return bcryptPbkdf(password, salt, rounds, length);
    }
    return await pbkdf2Async(password, salt, rounds, length, 'sha256');
  } finally {
    password.fill(0);
  }
}
