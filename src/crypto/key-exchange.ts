import { createHash } from 'node:crypto';
import { agree, type KeyPair, keySize } from './x25519.ts';

/** Which side of an exchange we are on: libsodium's crypto_kx calls the reader its client. */
type Side = 'reader' | 'writer';

/** The 32-byte key that libsodium's crypto_kx gives a client to receive with and a server to send with:
 *  the first half of BLAKE2b-512(X25519 ‖ client's public key ‖ server's public key). Null where `peer` is no usable
 *  public key. */
export function exchangeKey(side: Side, own: KeyPair, peer: Uint8Array): Uint8Array | null {
  const shared = agree(own, peer);
  if (!shared) return null;
  const [reader, writer] = side === 'reader' ? [own.public, peer] : [peer, own.public];
  const hash = createHash('blake2b512').update(shared).update(reader).update(writer).digest();
  const key = new Uint8Array(hash.subarray(0, keySize));
  shared.fill(0);
  hash.fill(0);
  return key;
}
