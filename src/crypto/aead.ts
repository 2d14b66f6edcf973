/** AES-256-GCM (NIST SP 800-38D), for which CPUs have instructions, and RFC 8439's construction, "IETF" in libsodium. What
 *  either seals has as many bytes as the plain text, and then a tag. */
export type AeadName = 'aes-256-gcm' | 'chacha20-poly1305';

export const keySize = 32;
export const nonceSize = 12;
export const tagSize = 16;

export interface Aead {
  /** Writes the sealed bytes and the tag: `out` has 16 bytes more than `plain`. They open with the same `context` only, which
   *  is authenticated with them. The nonce has 12 bytes and is never used twice with one key, which has 32. */
  seal(out: Uint8Array, plain: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  /** Writes the plain bytes: `out` has 16 bytes less than `box`. False, with `out` undefined, when `box` is not
   *  authentic. */
  open(out: Uint8Array, box: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
}
