import { createDecipheriv } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { bytesToName } from '../../core/name-bytes.ts';
import { toX25519Public, toX25519Secret } from '../../crypto/ed25519.ts';
import { keySize } from '../../crypto/x25519.ts';
import { readFields } from './fields.ts';
import { deriveKey, type Kdf } from './kdf.ts';
import type { StoredKey } from './stored-key.ts';

const magic = Buffer.from('openssh-key-v1\0');
const keyType = 'ssh-ed25519';

export function isOpenSshKey(bytes: Buffer): boolean {
  return bytes.subarray(0, magic.length).equals(magic);
}

/** Reads OpenSSH's private keys (PROTOCOL.key in its source), ed25519 only. */
export function readOpenSshKey(bytes: Buffer): StoredKey {
  const fields = readFields(bytes.subarray(magic.length), 4);
  const cipher = fields.string().toString('latin1');
  const kdfName = fields.string().toString('latin1');
  const options = fields.string();
  const count = fields.uint32();
  if (count !== 1) throw new Failure('unsupported', `an OpenSSH file with ${count} keys`);
  const publicKey = publicKeyIn(fields.string());
  const blob = fields.string();
  const isSealed = kdfName !== 'none';
  if (isSealed !== (cipher !== 'none')) throw new Failure('corrupt', `the cipher is ${cipher} and the KDF ${kdfName}`);
  const sealing = isSealed ? { kdf: kdfOf(kdfName, options), cipher: cipherOf(cipher) } : null;
  return {
    format: 'OpenSSH',
    kdf: kdfName,
    comment: sealing ? '' : (keyIn(blob)?.comment ?? ''),
    publicKey,
    async open(passphrase) {
      const plain = sealing ? await unseal(sealing, blob, passphrase) : Buffer.from(blob);
      const key = plain && keyIn(plain);
      if (!key && !sealing) throw new Failure('corrupt', 'the two check numbers of the OpenSSH key differ');
      const secret = key && toX25519Secret(key.seed);
      plain?.fill(0);
      return secret;
    },
  };
}

/** The X25519 form of a line such as `ssh-ed25519 AAAA… comment`; null for a line of another kind.
 *  Throws Failure('unsupported') for another type of key, Failure('corrupt') for one that is broken. */
export function parseOpenSshPublic(line: string): { readonly bytes: Uint8Array; readonly comment: string } | null {
  // All characters for the comment: one that did not fit would be looked for behind each character of the key, for hours.
  const match = /^((?:ssh|ecdsa|sk)-\S+)\s+(\S+)\s*(.*)$/s.exec(line);
  if (!match) return null;
  const [, type = '', base64 = '', comment = ''] = match;
  requireType(type);
  return { bytes: publicKeyIn(Buffer.from(base64, 'base64')), comment: comment.trim() };
}

function publicKeyIn(bytes: Uint8Array): Uint8Array {
  const fields = readFields(bytes, 4);
  requireType(fields.string().toString('latin1'));
  const converted = toX25519Public(fields.string());
  if (!converted) throw new Failure('corrupt', 'the OpenSSH public key is not a point on its curve');
  return converted;
}

function requireType(type: string): void {
  if (type === keyType) return;
  throw new Failure('unsupported', `an OpenSSH key of type ${type}: only ${keyType} keys can be used`);
}

interface Sealing {
  readonly kdf: Kdf;
  readonly cipher: { readonly name: string; readonly keySize: number };
}

function kdfOf(name: string, bytes: Uint8Array): Kdf {
  const fields = readFields(bytes, 4);
  const salt = fields.string();
  return { name, salt, rounds: fields.uint32() };
}

function cipherOf(name: string): Sealing['cipher'] {
  const match = /^aes(128|192|256)-(ctr|cbc)$/.exec(name);
  if (!match) {
    throw new Failure(
      'unsupported',
      `an OpenSSH key sealed with ${name}: \`ssh-keygen -p -Z aes256-ctr -f FILE\` changes that`,
    );
  }
  return { name: `aes-${match[1]}-${match[2]}`, keySize: Number(match[1]) / 8 };
}

const blockSize = 16;

/** Null where the passphrase can be none. A wrong one gives other bytes, which no tag tells. */
async function unseal({ kdf, cipher }: Sealing, blob: Uint8Array, passphrase: string): Promise<Buffer | null> {
  if (passphrase === '') return null;
  if (blob.length % blockSize !== 0) throw new Failure('corrupt', 'the key is cut: it does not fill its last block');
  const derived = await deriveKey(kdf, passphrase, cipher.keySize + blockSize);
  const key = derived.subarray(0, cipher.keySize);
  const decipher = createDecipheriv(cipher.name, key, derived.subarray(cipher.keySize)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(blob), decipher.final()]);
  derived.fill(0);
  return plain;
}

/** The key in the opened part; null when the check numbers before it differ: the passphrase is wrong. */
function keyIn(plain: Buffer): { readonly seed: Uint8Array; readonly comment: string } | null {
  const fields = readFields(plain, 4);
  const [check, again] = [fields.uint32(), fields.uint32()];
  if (check !== again) return null;
  requireType(fields.string().toString('latin1'));
  fields.string(); // the public key once more
  const secret = fields.string();
  if (secret.length !== 2 * keySize) throw new Failure('corrupt', 'there is no ed25519 key inside');
  return { seed: secret.subarray(0, keySize), comment: bytesToName(fields.string()) };
}
