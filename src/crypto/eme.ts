import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Failure } from '../core/failure.ts';

const blockSize = 16;
const maxBlocks = 128;

/** Wide-block encryption of 16 to 2,048 bytes, a multiple of 16: every bit of the result depends on every bit of the
 *  text. The result may be overwritten by the next call. */
export interface Eme {
  seal(text: Uint8Array): Uint8Array;
  open(text: Uint8Array): Uint8Array;
}

type Transform = (blocks: Uint8Array) => Uint8Array;

/** EME over AES-256 (Halevi and Rogaway, "A Parallelizable Enciphering Mode", 2003), bit for bit as
 *  github.com/rfjakob/eme, which rclone encrypts names with. Key 32 bytes, tweak 16. */
export function createEme(key: Uint8Array, tweak: Uint8Array): Eme {
  // ECB keeps no state between blocks, so one cipher object serves every name: to make one costs more than a name.
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const encrypt: Transform = (blocks) => cipher.update(blocks);
  const decrypt: Transform = (blocks) => decipher.update(blocks);
  const masks = maskTable(encrypt(new Uint8Array(blockSize)));
  const scratch = new Uint8Array(maxBlocks * blockSize);
  return {
    seal: (text) => transform(text, tweak, masks, scratch, encrypt),
    open: (text) => transform(text, tweak, masks, scratch, decrypt),
  };
}

// The names are the paper's: P the text, L the masks, PPP after the first pass, MP and MC around the middle, C the result.
function transform(text: Uint8Array, tweak: Uint8Array, masks: Uint8Array, scratch: Uint8Array, aes: Transform) {
  const { length } = text;
  if (length === 0 || length % blockSize !== 0 || length > scratch.length) {
    throw new Failure('fatal', `EME takes 16 to 2048 bytes in blocks of 16, not ${length}`);
  }
  const blocks = scratch.subarray(0, length);
  xorInto(blocks, text, masks);
  const ppp = aes(blocks);
  const mp = foldBlocks(ppp, 0, tweak);
  const mc = aes(mp);

  const m = new Uint8Array(blockSize);
  xorInto(m, mp, mc);
  for (let offset = blockSize; offset < length; offset += blockSize) {
    double(m, m);
    for (let i = 0; i < blockSize; i++) blocks[offset + i] = at(ppp, offset + i) ^ at(m, i);
  }
  const first = foldBlocks(blocks, blockSize, tweak);
  for (let i = 0; i < blockSize; i++) blocks[i] = at(first, i) ^ at(mc, i);

  const cc = aes(blocks);
  xorInto(cc, cc, masks);
  return cc;
}

/** 2L, 4L, 8L … one after the other, where L is the encrypted zero block: block j of a name is masked with 2^(j+1)·L. */
function maskTable(zero: Uint8Array): Uint8Array {
  const table = new Uint8Array(maxBlocks * blockSize);
  let previous = zero;
  for (let offset = 0; offset < table.length; offset += blockSize) {
    const next = table.subarray(offset, offset + blockSize);
    double(next, previous);
    previous = next;
  }
  return table;
}

/** Times two in GF(2^128), least significant byte first, modulo x^128 + x^7 + x^2 + x + 1. */
function double(out: Uint8Array, block: Uint8Array): void {
  let carry = at(block, blockSize - 1) >> 7 ? 0x87 : 0;
  for (let i = 0; i < blockSize; i++) {
    const byte = at(block, i);
    out[i] = (byte << 1) ^ carry;
    carry = byte >> 7;
  }
}

function foldBlocks(blocks: Uint8Array, start: number, seed: Uint8Array): Uint8Array {
  const sum = seed.slice();
  for (let i = start; i < blocks.length; i++) sum[i % blockSize] = at(sum, i % blockSize) ^ at(blocks, i);
  return sum;
}

function xorInto(out: Uint8Array, a: Uint8Array, b: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = at(a, i) ^ at(b, i);
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}
