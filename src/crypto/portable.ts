import scryptJs from 'scrypt-js';
import nacl from 'tweetnacl';
import type { Engine } from './engine.ts';
import { checkLengths, checkPart } from './secretbox.ts';

/** JavaScript only: runs wherever the native engine does not load, at about a twentieth of its speed. */
export const portableEngine: Engine = {
  name: 'portable',
  seal(out, plain, nonce, key) {
    checkLengths(plain, out, nonce, key);
    out.set(nacl.secretbox(plain, nonce, key));
  },
  open(out, box, nonce, key) {
    checkLengths(out, box, nonce, key);
    return openFrom(out, box, 0, nonce, key);
  },
  openPart(out, box, from, nonce, key) {
    checkPart(out, box, from, nonce, key);
    return openFrom(out, box, from, nonce, key);
  },
  prepare() {},
  scrypt: (password, salt, length) => scryptJs.scrypt(password, salt, 16_384, 8, 1, length),
};

function openFrom(out: Uint8Array, box: Uint8Array, from: number, nonce: Uint8Array, key: Uint8Array): boolean {
  const plain = nacl.secretbox.open(box, nonce, key);
  if (plain) out.set(plain.subarray(from, from + out.length));
  return plain !== null;
}
