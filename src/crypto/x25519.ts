import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, randomBytes } from 'node:crypto';
import { Failure } from '../core/failure.ts';

/** Length of a secret key, a public key and what two of them agree on. In bytes. */
export const keySize = 32;

/** A key pair of X25519 (RFC 7748). */
export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

// What stands before a secret key in its DER form (RFC 8410).
const derPrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');

// To import a secret key takes ten times as long as to use it.
const imported = new WeakMap<KeyPair, KeyObject>();

export function newKeyPair(): KeyPair {
  return keyPairOf(randomBytes(keySize));
}

/** The pair of a secret key, whose array it keeps. Throws Failure('corrupt') for a secret of another length. */
export function keyPairOf(secret: Uint8Array): KeyPair {
  if (secret.length !== keySize) throw new Failure('corrupt', `a secret key has 32 bytes, not ${secret.length}`);
  const key = importSecret(secret);
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const pair = { secret, public: new Uint8Array(Buffer.from(x, 'base64url')) };
  imported.set(pair, key);
  return pair;
}

/** What both sides compute from their own pair and the other's public key; null where that public key is no usable
 *  one (of small order, so that the result would not depend on the secret, or of another length). */
export function agree(own: KeyPair, peer: Uint8Array): Uint8Array | null {
  if (peer.length !== keySize) return null;
  const publicKey = importPublic(peer);
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

/** Whether what is agreed on with this public key depends on the secrets: not so for the few of small order. */
export function isUsable(publicKey: Uint8Array): boolean {
  return agree(newKeyPair(), publicKey) !== null;
}

// A JWK is read in a tenth of the time that DER takes, but its strings cannot be wiped: for public keys only.
function importPublic(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
}

function importSecret(secret: Uint8Array): KeyObject {
  const der = Buffer.concat([derPrefix, secret]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}
