import { createCipheriv, createDecipheriv } from 'node:crypto';

// RFC 8439's construction, "IETF" in libsodium, without additional data: as many bytes as the plain text has, then a tag.
export const nonceSize = 12;
export const tagSize = 16;

const cipherName = 'chacha20-poly1305';

/** Writes the sealed bytes and the tag: `out` has 16 bytes more than `plain`. Nonce 12 bytes, key 32. */
export function seal(out: Uint8Array, plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): void {
  const cipher = createCipheriv(cipherName, key, nonce, { authTagLength: tagSize });
  out.set(cipher.update(plain));
  cipher.final();
  out.set(cipher.getAuthTag(), plain.length);
}

/** Writes the plain bytes: `out` has 16 bytes less than `box`. False, with nothing written, when `box` is not authentic. */
export function open(out: Uint8Array, box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean {
  if (box.length < tagSize) return false;
  const decipher = createDecipheriv(cipherName, key, nonce, { authTagLength: tagSize });
  decipher.setAuthTag(box.subarray(box.length - tagSize));
  const plain = decipher.update(box.subarray(0, box.length - tagSize));
  try {
    decipher.final();
  } catch {
    return false;
  }
  out.set(plain);
  return true;
}
