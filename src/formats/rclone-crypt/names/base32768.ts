// The alphabet of github.com/Max-Sum/base32768's SafeEncoding: blocks of 32 code points, given by their number
// (code point >> 5) in hex, runs as first-last. The lowest four blocks spell a tail of up to 7 bits, the others 15 bits.
const runs =
  'c 12-14 25 28 34-35 3b-3c 3e 80 85 88-8a 8c 8f-91 93 97 99 9d-9e a1-b2 b5-b6 bc c1-c2 c6 cc cf d1 de e0 e8 10f 116 ' +
  '11a-11e 120 128-13a 13c-13d 140-14b 14d 151-152 154-155 157-15a 160 164-166 168 16a 175-176 18e 1a0-26c 26e-4fd ' +
  '500-523 525 528-52f 532 535-536 538-53a 53c 542';
const tailBlocks = 4;
const blocks = runs.split(' ').flatMap((run) => {
  const [first = 0, last = first] = run.split('-').map((block) => Number.parseInt(block, 16));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
});
const indexOfBlock = new Map(blocks.map((block, index) => [block, index]));

/** 15 bits in a character; what is left at the end, filled with ones, in one more, of the tail's alphabet when it
 *  fits into 7 bits. */
export function encodeBase32768(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    if (held < 15) continue;
    held -= 15;
    text += symbol(bits >> held, tailBlocks);
    bits &= (1 << held) - 1;
  }
  if (held === 0) return text;
  const width = held <= 7 ? 7 : 15;
  const filled = ((bits + 1) << (width - held)) - 1;
  return text + symbol(filled, width === 7 ? 0 : tailBlocks);
}

function symbol(value: number, firstBlock: number): string {
  return String.fromCharCode(((blocks[firstBlock + (value >> 5)] ?? 0) << 5) | (value & 31));
}

/** Null for a character of another alphabet, or one behind the tail. */
export function decodeBase32768(text: string): Uint8Array | null {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const index = indexOfBlock.get(code >> 5);
    if (index === undefined) return null;
    const isTail = index < tailBlocks;
    if (isTail && i < text.length - 1) return null;
    const value = ((isTail ? index : index - tailBlocks) << 5) | (code & 31);
    bits = (bits << (isTail ? 7 : 15)) | value;
    for (held += isTail ? 7 : 15; held >= 8; held -= 8) bytes.push((bits >> (held - 8)) & 255);
    bits &= (1 << held) - 1;
  }
  return Uint8Array.from(bytes);
}
