/** AES-256-GCM (NIST SP 800-38D), for which CPUs have instructions, and RFC 8439's construction, "IETF" in libsodium. Of
 *  both: as many bytes as the plain text has, then a tag. */
export type AeadName = 'aes-256-gcm' | 'chacha20-poly1305';

export const keySize = 32;
export const nonceSize = 12;
export const tagSize = 16;

export interface Aead {
  /** Writes the sealed bytes and the tag: `out` has 16 bytes more than `plain`. Only `context`, authenticated with them,
   *  opens them again. Nonce 12 bytes, never twice under one key of 32. */
  seal(out: Uint8Array, plain: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  /** Writes the plain bytes: `out` has 16 bytes less than `box`. False, with `out` undefined, when `box` is not
   *  authentic. */
  open(out: Uint8Array, box: Uint8Array, context: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean;
}
