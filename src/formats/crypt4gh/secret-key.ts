import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { bytesToName } from '../../core/name-bytes.ts';
import { nonceSize, tagSize } from '../../crypto/aead.ts';
import { open, seal } from '../../crypto/chacha20-poly1305.ts';
import { keySize } from '../../crypto/x25519.ts';
import { readFields, shortString } from './fields.ts';
import { deriveKey, type Kdf } from './kdf.ts';
import type { StoredKey } from './stored-key.ts';

const magic = Buffer.from('c4gh-v1');
const cipherName = 'chacha20_poly1305';
const saltSize = 16;

export function isSecretKey(bytes: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}

/** Reads Crypt4GH's own form, `c4gh-v1`: fields in the order KDF, its options, cipher, key, comment. */
export function readSecretKey(bytes: Buffer): StoredKey {
  const fields = readFields(bytes.subarray(magic.length), 2);
  const name = fields.string().toString('latin1');
  const options = name === 'none' ? null : fields.string();
  const cipher = fields.string().toString('latin1');
  const blob = fields.string();
  // The specification's comment; whatever a later version adds behind it is left alone.
  const comment = fields.isAtEnd ? '' : bytesToName(fields.string());
  if (cipher !== (options ? cipherName : 'none')) {
    throw new Failure('unsupported', `a secret key sealed with "${cipher}" after the key derivation "${name}"`);
  }
  const kdf = options && kdfOf(name, options);
  return {
    format: 'Crypt4GH',
    kdf: name,
    comment,
    publicKey: null,
    open: async (passphrase) => requireKey(kdf ? await unseal(kdf, blob, passphrase) : Uint8Array.from(blob)),
  };
}

function kdfOf(name: string, options: Buffer): Kdf {
  if (options.length < 4) throw new Failure('corrupt', 'the key is cut: its key derivation has no rounds');
  return { name, rounds: options.readUInt32BE(), salt: options.subarray(4) };
}

async function unseal(kdf: Kdf, blob: Uint8Array, passphrase: string): Promise<Uint8Array | null> {
  // Neither bcrypt_pbkdf nor the reference take an empty one.
  if (passphrase === '') return null;
  if (blob.length !== nonceSize + keySize + tagSize) throw new Failure('corrupt', 'there is no X25519 key inside');
  const key = await deriveKey(kdf, passphrase, keySize);
  const secret = new Uint8Array(keySize);
  const isOpen = open(secret, blob.subarray(nonceSize), blob.subarray(0, nonceSize), key);
  key.fill(0);
  return isOpen ? secret : null;
}

function requireKey(secret: Uint8Array | null): Uint8Array | null {
  if (secret && secret.length !== keySize) throw new Failure('corrupt', 'there is no X25519 key inside');
  return secret;
}

/** The form in which new keys are written: sealed by scrypt, or as it is where there is no passphrase. */
export async function writeSecretKey(secret: Uint8Array, passphrase: string | null, comment: string): Promise<Buffer> {
  const protection = passphrase === null ? plainFields(secret) : await sealedFields(secret, passphrase);
  return Buffer.concat([magic, ...protection, ...(comment === '' ? [] : [shortString(comment)])]);
}

function plainFields(secret: Uint8Array): Buffer[] {
  return [shortString('none'), shortString('none'), shortString(secret)];
}

async function sealedFields(secret: Uint8Array, passphrase: string): Promise<Buffer[]> {
  if (passphrase === '') throw new Failure('usage', 'a passphrase has at least one character');
  const salt = randomBytes(saltSize);
  const key = await deriveKey({ name: 'scrypt', salt, rounds: 0 }, passphrase, keySize);
  const blob = Buffer.concat([randomBytes(nonceSize), Buffer.alloc(keySize + tagSize)]);
  seal(blob.subarray(nonceSize), secret, blob.subarray(0, nonceSize), key);
  key.fill(0);
  const options = Buffer.concat([Buffer.alloc(4), salt]);
  return [shortString('scrypt'), shortString(options), shortString(cipherName), shortString(blob)];
}
