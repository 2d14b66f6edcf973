import { Failure } from '../../core/failure.ts';
import { headerLength } from './layout.ts';

const magic = Buffer.from('RCLONE\0\0', 'latin1');

/** The 32 bytes that a sealed file begins with. */
export function formatHeader(nonce: Uint8Array): Uint8Array {
  const header = new Uint8Array(headerLength);
  header.set(magic);
  header.set(nonce, magic.length);
  return header;
}

/** The nonce of the first chunk, a copy. Throws Failure('corrupt') naming `path`. */
export function parseHeader(header: Uint8Array, path: string): Uint8Array {
  if (header.length < headerLength) {
    throw new Failure('corrupt', `${path}: too short for an encrypted file (${header.length} bytes)`, { path });
  }
  if (!magic.every((byte, i) => byte === header[i])) {
    throw new Failure('corrupt', `${path}: not a file that rclone's crypt encrypted (wrong magic bytes)`, { path });
  }
  return Uint8Array.from(header.subarray(magic.length, headerLength));
}

/** Adds `count` to a nonce in place: 192 bits, least significant byte first, wrapping around. */
export function advanceNonce(nonce: Uint8Array, count: number): void {
  let carry = count;
  for (let i = 0; i < nonce.length && carry > 0; i++) {
    const sum = (nonce[i] ?? 0) + (carry % 256);
    nonce[i] = sum;
    carry = Math.floor(carry / 256) + (sum >> 8);
  }
}

export function nonceOfChunk(first: Uint8Array, index: number): Uint8Array {
  const nonce = Uint8Array.from(first);
  advanceNonce(nonce, index);
  return nonce;
}
