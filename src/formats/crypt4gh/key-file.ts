import { Failure } from '../../core/failure.ts';
import { isUsable, type KeyPair, keyPairOf, keySize } from '../../crypto/x25519.ts';
import { isOpenSshKey, parseOpenSshPublic, readOpenSshKey } from './openssh.ts';
import { formatPem, parsePem } from './pem.ts';
import { isSecretKey, readSecretKey, writeSecretKey } from './secret-key.ts';
import type { StoredKey } from './stored-key.ts';

export interface PublicKey {
  /** X25519, 32 bytes. */
  readonly bytes: Uint8Array;
  /** The comment of an OpenSSH key, else ''. */
  readonly label: string;
}

const publicLabel = 'CRYPT4GH PUBLIC KEY';

/** Reads a Crypt4GH public key or a line `ssh-ed25519 …`, which it converts.
 *  Throws Failure('usage') for another file, 'unsupported' for another type of OpenSSH key, 'corrupt' for a broken one. */
export function parsePublicKey(data: string | Uint8Array): PublicKey {
  const text = textOf(data);
  const ssh = parseOpenSshPublic(text.trim().split('\n', 1)[0] ?? '');
  if (ssh) return { bytes: ssh.bytes, label: ssh.comment };
  const pem = parsePem(text);
  if (pem?.label.includes('PRIVATE KEY')) {
    throw new Failure('usage', 'this is a secret key, which nobody else may see: give its public half (key.pub)');
  }
  if (pem?.label !== publicLabel)
    throw new Failure('usage', 'this is not a public key of Crypt4GH or OpenSSH (ed25519)');
  if (pem.bytes.length !== keySize) throw new Failure('corrupt', `a public key has 32 bytes, not ${pem.bytes.length}`);
  if (!isUsable(pem.bytes)) throw new Failure('corrupt', 'anybody could open what is sealed to this public key');
  return { bytes: Uint8Array.from(pem.bytes), label: '' };
}

export function formatPublicKey(key: Uint8Array): string {
  return formatPem(publicLabel, key);
}

/** Whether a file says of itself that it is a secret key, ours or not. */
export function isSecretKeyFile(data: string | Uint8Array): boolean {
  return /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/m.test(textOf(data));
}

/** Reads a secret key of Crypt4GH or OpenSSH without opening it. Throws as `parsePublicKey`. */
export function parseStoredKey(data: string | Uint8Array): StoredKey {
  const pem = parsePem(textOf(data));
  if (pem && isSecretKey(pem.bytes)) return readSecretKey(pem.bytes);
  if (pem && isOpenSshKey(pem.bytes)) return readOpenSshKey(pem.bytes);
  if (pem?.label.includes('PUBLIC KEY')) throw new Failure('usage', 'this is a public key: the secret one is needed');
  throw new Failure('usage', 'this is not a secret key of Crypt4GH or OpenSSH (ed25519)');
}

/** Reads a secret key of Crypt4GH or OpenSSH; asks for the passphrase only where there is one.
 *  Throws Failure('wrong-password') when it does not open, else as `parsePublicKey`. */
export async function parseSecretKey(data: string | Uint8Array, passphrase: () => Promise<string>): Promise<KeyPair> {
  const stored = parseStoredKey(data);
  const secret = await stored.open(stored.kdf === 'none' ? '' : await passphrase());
  if (!secret) throw new Failure('wrong-password', 'the passphrase does not open this key');
  return keyPairOf(secret);
}

/** The file of a new secret key: sealed by scrypt, or in the clear where `passphrase` is null. */
export async function formatSecretKey(pair: KeyPair, passphrase: string | null, comment: string): Promise<Uint8Array> {
  return Buffer.from(formatPem('CRYPT4GH PRIVATE KEY', await writeSecretKey(pair.secret, passphrase, comment)));
}

function textOf(data: string | Uint8Array): string {
  return typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.length).toString();
}
