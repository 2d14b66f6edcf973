import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';

/** An Ed25519 key with which a maker signs shares. */
export interface SigningKey {
  /** Raw, 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(document: Uint8Array): Uint8Array;
}

export const signatureSize = 64;

const derivation = 'coffer share signing key v1';
// Before the signed bytes, so that no signature over something else passes for one over a share.
const context = Buffer.from('coffer share v1\0');
// PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410, section 7).
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signing key that belongs to a Crypt4GH secret key: HKDF-SHA256 of it is the Ed25519 seed (RFC 5869, RFC 8032).
 *  One key file signs and opens, and neither use tells about the other. */
export function signingKeyOf(secretKey: Uint8Array): SigningKey {
  const seed = new Uint8Array(hkdfSync('sha256', secretKey, new Uint8Array(0), derivation, 32));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return {
    publicKey: rawPublicKey(createPublicKey(key)),
    sign: (document) => new Uint8Array(sign(null, Buffer.concat([context, document]), key)),
  };
}

/** Whether the holder of the signing key signed exactly these bytes. */
export function isSignedBy(publicKey: Uint8Array, document: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(publicKey).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.concat([context, document]), key, signature);
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'));
}
