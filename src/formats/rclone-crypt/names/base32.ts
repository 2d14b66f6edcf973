const alphabet = '0123456789abcdefghijklmnopqrstuv';
const values = new Int8Array(128).fill(-1);
for (let i = 0; i < alphabet.length; i++) {
  values[alphabet.charCodeAt(i)] = i;
  values[alphabet.toUpperCase().charCodeAt(i)] = i;
}

/** RFC 4648's base32hex, in lower case and without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  const text = Buffer.alloc(Math.ceil((bytes.length * 8) / 5));
  let bits = 0;
  let held = 0;
  let filled = 0;
  for (let i = 0; i < bytes.length; i++) {
    bits = ((bits << 8) | (bytes[i] as number)) & 0xfff;
    for (held += 8; held >= 5; held -= 5) text[filled++] = alphabet.charCodeAt((bits >> (held - 5)) & 31);
  }
  if (held > 0) text[filled] = alphabet.charCodeAt((bits << (5 - held)) & 31);
  return text.toString('latin1');
}

/** Either case; null for what is no base32, padding included. */
export function decodeBase32(text: string): Uint8Array | null {
  // Lengths that leave five or more unused bits do not come out of the encoder.
  if ((text.length * 5) % 8 >= 5) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let filled = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes[filled++] = bits >> held;
  }
  return bytes;
}
