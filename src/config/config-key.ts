import { createHash, randomBytes, scrypt } from 'node:crypto';
import { Failure } from '../core/failure.ts';
import type { ScryptParameters } from './scrypt-parameters.ts';
import { trimSpace } from './whitespace.ts';

/** How a config password becomes a key: rclone's single SHA-256, or our scrypt. */
export type KeyDerivation = { readonly kdf: 'rclone' } | ScryptParameters;

/** The key of a sealed config, with what it was derived by: enough to seal it again. */
export interface ConfigKey {
  readonly derivation: KeyDerivation;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** The derivation for a new password: scrypt has a salt of its own each time. Why these parameters:
 *  docs/decisions/0041-scrypt-for-the-config.md. */
export function newDerivation(kdf: KeyDerivation['kdf']): KeyDerivation {
  return kdf === 'rclone' ? { kdf } : { kdf, logN: 16, r: 8, p: 1, salt: randomBytes(16) };
}

/** Throws Failure('usage') for a password without a character. */
export async function deriveKey(password: string, derivation: KeyDerivation): Promise<ConfigKey> {
  if (trimSpace(password) === '') throw new Failure('usage', 'the config password is empty');
  const normal = password.normalize('NFKC');
  const bytes = derivation.kdf === 'rclone' ? rcloneKey(normal) : await scryptKey(normal, derivation);
  return { derivation, bytes };
}

function rcloneKey(password: string): Uint8Array {
  return createHash('sha256').update(`[${password}][rclone-config]`).digest();
}

function scryptKey(password: string, { logN, r, p, salt }: ScryptParameters): Promise<Uint8Array> {
  const N = 2 ** logN;
  // OpenSSL counts a little more than the 128·N·r bytes of the table.
  const maxmem = 128 * r * (N + p + 2);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { N, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
