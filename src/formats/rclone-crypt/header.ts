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
  return new Uint8Array(header.subarray(magic.length, headerLength));
}
