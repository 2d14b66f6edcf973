import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto';
import { Failure } from '../core/failure.ts';

const blockSize = 16;
const maxBlocks = 128;

/** Wide-block encryption of 16 to 2,048 bytes, a multiple of 16: every bit of the result depends on every bit of the
 *  text. The result may be overwritten by the next call. */
export interface Eme {
  seal(text: Uint8Array): Uint8Array;
  open(text: Uint8Array): Uint8Array;
}

/** EME over AES-256 (Halevi and Rogaway, "A Parallelizable Enciphering Mode", 2003), bit for bit as
 *  github.com/rfjakob/eme, which rclone encrypts names with. Key 32 bytes, tweak 16. */
export function createEme(key: Uint8Array, tweak: Uint8Array): Eme {
  // ECB keeps no state between blocks, so one cipher object serves every name: to make one costs more than a name.
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const masks = createMasks(cipher.update(new Uint8Array(blockSize)));
  const tweakWords = wordsOf(Uint8Array.from(tweak));
  const text = createBlocks(maxBlocks);
  const middle = createBlocks(1);
  const mp = new Uint32Array(tweakWords);
  const first = new Uint32Array(tweakWords);

  // The names are the paper's: L the masks, PPP the blocks after the first pass, CCC those before the last one.
  // What is exclusive-ored goes by 32-bit words, a quarter of the steps.
  function transform(input: Uint8Array, aes: Cipher | Decipher): Uint8Array {
    requireBlocks(input.length);
    const blocks = text.bytes.subarray(0, input.length);
    const { words } = text;
    const wordCount = input.length / 4;
    const mask = masks(input.length);
    blocks.set(input);
    for (let i = 0; i < wordCount; i++) words[i] = word(words, i) ^ word(mask, i);
    blocks.set(aes.update(blocks)); // PPP

    mp.set(tweakWords);
    for (let i = 0; i < wordCount; i++) mp[i & 3] = word(mp, i & 3) ^ word(words, i);
    middle.words.set(mp);
    middle.bytes.set(aes.update(middle.bytes)); // MC
    first.set(tweakWords);
    for (let i = 0; i < 4; i++) {
      first[i] = word(first, i) ^ word(middle.words, i);
      middle.words[i] = word(middle.words, i) ^ word(mp, i); // M = MP xor MC
    }
    for (let i = 4; i < wordCount; i++) {
      if ((i & 3) === 0) double(middle.bytes, middle.bytes);
      const ccc = word(words, i) ^ word(middle.words, i & 3);
      words[i] = ccc;
      first[i & 3] = word(first, i & 3) ^ ccc;
    }
    words.set(first);

    blocks.set(aes.update(blocks));
    for (let i = 0; i < wordCount; i++) words[i] = word(words, i) ^ word(mask, i);
    return blocks;
  }

  return { seal: (input) => transform(input, cipher), open: (input) => transform(input, decipher) };
}

interface Blocks {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

function createBlocks(count: number): Blocks {
  const bytes = new Uint8Array(count * blockSize);
  return { bytes, words: wordsOf(bytes) };
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function word(words: Uint32Array, index: number): number {
  return words[index] as number;
}

function requireBlocks(length: number): void {
  if (length > 0 && length % blockSize === 0 && length <= maxBlocks * blockSize) return;
  throw new Failure('fatal', `EME takes 16 to 2048 bytes in blocks of 16, not ${length}`);
}

/** 2L, 4L, 8L … one after the other, where L is the encrypted zero block: block j of a name is masked with 2^(j+1)·L. Gives
 *  as many as there are in a name of `length` bytes, or more; they are computed when a name needs them. */
function createMasks(zero: Uint8Array): (length: number) => Uint32Array {
  const { bytes, words } = createBlocks(maxBlocks);
  let previous = zero;
  let filled = 0;
  return (length) => {
    for (; filled < length; filled += blockSize) {
      const next = bytes.subarray(filled, filled + blockSize);
      double(next, previous);
      previous = next;
    }
    return words;
  };
}

/** Times two in GF(2^128), least significant byte first, modulo x^128 + x^7 + x^2 + x + 1. */
function double(out: Uint8Array, block: Uint8Array): void {
  let carry = (block[blockSize - 1] as number) >> 7 ? 0x87 : 0;
  for (let i = 0; i < blockSize; i++) {
    const byte = block[i] as number;
    out[i] = (byte << 1) ^ carry;
    carry = byte >> 7;
  }
}
