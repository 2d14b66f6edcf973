import { createCipheriv, createDecipheriv } from 'node:crypto';
import { loadOpenssl } from './openssl.ts';

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

const options = { authTagLength: tagSize };

/** By node's own functions, which make a new array for each text. */
export function nodeAead(name: AeadName): Aead {
  // The types know one name, the functions all of them.
  const cipherName = name as 'aes-256-gcm';
  return {
    seal(out, plain, context, nonce, key) {
      const cipher = createCipheriv(cipherName, key, nonce, options);
      if (context.length > 0) cipher.setAAD(context);
      out.set(cipher.update(plain));
      cipher.final();
      out.set(cipher.getAuthTag(), plain.length);
    },
    open(out, box, context, nonce, key) {
      const decipher = createDecipheriv(cipherName, key, nonce, options);
      if (context.length > 0) decipher.setAAD(context);
      decipher.setAuthTag(box.subarray(out.length));
      out.set(decipher.update(box.subarray(0, out.length)));
      try {
        decipher.final();
        return true;
      } catch {
        return false;
      }
    },
  };
}

const chosen = new Map<AeadName, Aead>();

/** The quickest that works here: docs/decisions/0197-aead-without-copies.md. To load it takes some milliseconds. */
export function quickAead(name: AeadName): Aead {
  const known = chosen.get(name);
  if (known) return known;
  const aead = loadQuick(name) ?? nodeAead(name);
  chosen.set(name, aead);
  return aead;
}

function loadQuick(name: AeadName): Aead | null {
  try {
    const quick = loadOpenssl(name);
    return computesTheSame(quick, nodeAead(name)) ? quick : null;
  } catch {
    return null;
  }
}

function computesTheSame(quick: Aead, node: Aead): boolean {
  const key = new Uint8Array(keySize).fill(1);
  const nonce = new Uint8Array(nonceSize).fill(2);
  const plain = new Uint8Array(100).fill(3);
  const context = new Uint8Array(5).fill(4);
  const boxes = [node, quick].map(({ seal }) => {
    const box = new Uint8Array(plain.length + tagSize);
    seal(box, plain, context, nonce, key);
    return box;
  });
  const [expected, box] = boxes as [Uint8Array, Uint8Array];
  const opened = new Uint8Array(plain.length);
  if (Buffer.compare(expected, box) !== 0 || !quick.open(opened, box, context, nonce, key)) return false;
  if (Buffer.compare(opened, plain) !== 0) return false;
  box[0] = 0;
  return !quick.open(opened, box, context, nonce, key);
}
