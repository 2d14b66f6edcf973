import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Bytes of a key of AES-256-XTS: two of AES-256. */
export const xtsKeySize = 64;

/** Encrypts the blocks of a file on a disk, each in its place: AES-256-XTS (IEEE 1619). A block that is written again is
 *  encrypted anew; who has both forms sees which of its 16 bytes are the same. Nobody notices what was changed. */
export interface BlockCipher {
  /** `number` is the block's place, from 0. At least 16 bytes. */
  seal(number: number, plain: Uint8Array): Uint8Array;
  open(number: number, sealed: Uint8Array): Uint8Array;
}

/** `key` has `xtsKeySize` random bytes. */
export function createBlockCipher(key: Uint8Array): BlockCipher {
  const tweak = Buffer.alloc(16);
  const tweakOf = (number: number): Uint8Array => {
    tweak.writeBigUInt64LE(BigInt(number));
    return tweak;
  };
  return {
    seal: (number, plain) => createCipheriv('aes-256-xts', key, tweakOf(number)).update(plain),
    open: (number, sealed) => createDecipheriv('aes-256-xts', key, tweakOf(number)).update(sealed),
  };
}
