import { readFileSync, statSync } from 'node:fs';
import type { Environment } from '../../config/environment.ts';
import { systemFailure } from '../../config/system-failure.ts';
import { codeOf, Failure, isFailure } from '../../core/failure.ts';
import type { Report } from '../../core/report.ts';
import { expandHome } from '../../core/user.ts';
import { type KeyPair, keySize } from '../../crypto/x25519.ts';
import { type PublicKey, parsePublicKey, parseSecretKey } from '../../formats/crypt4gh/key-file.ts';

/** Reads somebody's public key. Throws Failure naming the file. */
export async function readPublicKeyFile(path: string, environment: Environment): Promise<PublicKey> {
  const file = expandHome(path, environment);
  const data = readKeyFile(file, ': check its path, or ask its owner for it');
  return named(file, async () => parsePublicKey(data));
}

/** A public key as users give it: a file, the line `ssh-ed25519 …` itself, or the base64 of a Crypt4GH key.
 *  Throws Failure naming it. */
export function readPublicKey(given: string, environment: Environment): Promise<PublicKey> {
  if (/^ssh-\S+\s/.test(given)) return named(given, async () => parsePublicKey(given));
  if (/^[A-Za-z0-9+/]{43}=$/.test(given)) {
    const bytes = new Uint8Array(Buffer.from(given, 'base64'));
    if (bytes.length === keySize) return Promise.resolve({ bytes, label: '' });
  }
  return readPublicKeyFile(given, environment);
}

/** Opens a secret key; `passphrase` is called where there is one. Throws Failure naming the file: 'usage' where there is
 *  none, 'wrong-password' when it does not open. `hint` says what to do where there is none. */
export async function openSecretKeyFile(
  path: string,
  { report, passphrase, hint }: { readonly report: Report; passphrase(): Promise<string>; readonly hint?: string },
): Promise<KeyPair> {
  const data = readKeyFile(path, hint);
  const key = await named(path, () => parseSecretKey(data, passphrase));
  if ((statSync(path).mode & 0o077) !== 0) {
    report.notice(path, 'others on this machine can read your secret key: chmod 400 fixes that');
  }
  return key;
}

/** Throws Failure naming the file; `hint` says what to do where there is none. */
export function readKeyFile(path: string, hint = ': check its path'): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw systemFailure(error, `cannot read the key file ${path}`, path);
    throw new Failure('usage', `there is no key file ${path}${hint}`, { path, cause: error });
  }
}

/** Runs something on the content of a key file, so that its errors name the file. */
export async function named<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isFailure(error) || error.kind === 'cancelled') throw error;
    throw new Failure(error.kind, `${path}: ${error.message}`, { path, cause: error });
  }
}
