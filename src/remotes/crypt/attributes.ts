import { hkdfSync } from 'node:crypto';
import { keySize, nonceSize, tagSize } from '../../crypto/secretbox.ts';
import type { ContentCipher } from '../../formats/rclone-crypt/content.ts';

/** Seals what is kept beside a file's bytes, under a key of its own. The path has no part in it, so that it still opens when
 *  the file is renamed or copied on the store's side. */
export interface AttributeBox {
  seal(plain: Uint8Array): Uint8Array;
  /** Null for what does not open: damaged, of a later version, or under other passwords. */
  open(sealed: Uint8Array): Uint8Array | null;
}

// Version, nonce, then a secretbox of the plain bytes, a byte 80 and zeros up to a multiple of `step`: the length tells
// little about what is inside.
const version = 1;
const headLength = 1 + nonceSize;
const step = 64;
const padding = 0x80;

export function createAttributeBox({ engine, dataKey }: ContentCipher, randomNonce: () => Uint8Array): AttributeBox {
  const key = new Uint8Array(hkdfSync('sha256', dataKey, new Uint8Array(0), 'coffer file attributes v1', keySize));
  return {
    seal(plain) {
      const padded = new Uint8Array(Math.ceil((plain.length + 1) / step) * step);
      padded.set(plain);
      padded[plain.length] = padding;
      const sealed = new Uint8Array(headLength + tagSize + padded.length);
      const nonce = randomNonce();
      sealed[0] = version;
      sealed.set(nonce, 1);
      engine.seal(sealed.subarray(headLength), padded, nonce, key);
      return sealed;
    },
    open(sealed) {
      if (sealed[0] !== version || sealed.length < headLength + tagSize + step) return null;
      const padded = new Uint8Array(sealed.length - headLength - tagSize);
      const nonce = sealed.subarray(1, headLength);
      if (!engine.open(padded, sealed.subarray(headLength), nonce, key)) return null;
      return padded.subarray(0, padded.lastIndexOf(padding));
    },
  };
}

/** The most plain bytes for a store that has room for so many sealed ones. */
export function plainRoom(sealedRoom: number): number {
  return Math.max(0, Math.floor((sealedRoom - headLength - tagSize) / step) * step - 1);
}

/** Opens what either has sealed, and seals as the first. */
export function eitherBox(first: AttributeBox, second: AttributeBox): AttributeBox {
  return { seal: first.seal, open: (sealed) => first.open(sealed) ?? second.open(sealed) };
}
