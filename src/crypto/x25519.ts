import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, randomBytes } from 'node:crypto';
import { Failure } from '../core/failure.ts';

/** Length of a secret key, a public key and what two of them agree on. In bytes. */
export const keySize = 32;

/** A key pair of X25519 (RFC 7748). */
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

// Before the key in its DER forms: RFC 8410, PrivateKeyInfo and SubjectPublicKeyInfo.
const secretPrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');

// To import a secret key takes ten times as long as to use it.
const imported = new WeakMap<KeyPair, KeyObject>();

export function newKeyPair(): KeyPair {
  return keyPairOf(randomBytes(keySize));
}

/** The pair of a secret key, whose array it keeps. Throws Failure('corrupt') for a secret of another length. */
export function keyPairOf(secret: Uint8Array): KeyPair {
  if (secret.length !== keySize) throw new Failure('corrupt', `a secret key has 32 bytes, not ${secret.length}`);
  const key = importSecret(secret);
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const pair = { secret, public: new Uint8Array(der.subarray(publicPrefix.length)) };
  imported.set(pair, key);
  return pair;
}

/** What both sides compute from their own pair and the other's public key; null where that public key is no usable
 *  one (of small order, so that the result would not depend on the secret, or of another length). */
export function agree(own: KeyPair, peer: Uint8Array): Uint8Array | null {
  if (peer.length !== keySize) return null;
  const publicKey = createPublicKey({ key: Buffer.concat([publicPrefix, peer]), format: 'der', type: 'spki' });
  let privateKey = imported.get(own);
  if (!privateKey) {
    privateKey = importSecret(own.secret);
    imported.set(own, privateKey);
  }
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch {
    return null;
  }
}

function importSecret(secret: Uint8Array): KeyObject {
  const der = Buffer.concat([secretPrefix, secret]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}
