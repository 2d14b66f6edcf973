import { createCipheriv, createDecipheriv } from 'node:crypto';

// AES-256-GCM (NIST SP 800-38D): as many bytes as the plain text has, then a tag. CPUs have instructions for it.
export const keySize = 32;
export const nonceSize = 12;
export const tagSize = 16;

const cipherName = 'aes-256-gcm';

/** Writes the sealed bytes and the tag: `out` has 16 bytes more than `plain`. Only `context`, authenticated with them,
 *  opens them again. Nonce 12 bytes, never twice under one key of 32. */
export function seal(
  out: Uint8Array,
  plain: Uint8Array,
  context: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): void {
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagSize });
  cipher.setAAD(context);
  out.set(cipher.update(plain));
  cipher.final();
  out.set(cipher.getAuthTag(), plain.length);
}

/** The plain bytes; null when `box` is not authentic. */
export function open(box: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (box.length < tagSize) return null;
  const decipher = createDecipheriv(cipherName, key, nonce, { authTagLength: tagSize });
  decipher.setAAD(context);
  decipher.setAuthTag(box.subarray(box.length - tagSize));
  const plain = decipher.update(box.subarray(0, box.length - tagSize));
  try {
    decipher.final();
    return plain;
  } catch {
    return null;
  }
}
