import { Failure } from '../core/failure.ts';

// NaCl's secretbox, XSalsa20-Poly1305: a box is a tag, then as many bytes as the plain text has.
export const keySize = 32;
export const nonceSize = 24;
export const tagSize = 16;

/** Both engines refuse what does not fit: libsodium's binding would read past the end. */
export function checkLengths(plain: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): void {
  if (box.length !== plain.length + tagSize || nonce.length !== nonceSize || key.length !== keySize) {
    throw new Failure(
      'fatal',
      `a secretbox of ${box.length} bytes does not fit ${plain.length} plain bytes, a nonce of ${nonce.length} and a key of ${key.length}`,
    );
  }
}

/** As `checkLengths`, of a part of the plain bytes that begins at `from`. */
export function checkPart(part: Uint8Array, box: Uint8Array, from: number, nonce: Uint8Array, key: Uint8Array): void {
  const plainLength = box.length - tagSize;
  if (from < 0 || from + part.length > plainLength || nonce.length !== nonceSize || key.length !== keySize) {
    throw new Failure(
      'fatal',
      `${part.length} plain bytes from ${from} on, a nonce of ${nonce.length} and a key of ${key.length} do not fit a secretbox of ${box.length} bytes`,
    );
  }
}
