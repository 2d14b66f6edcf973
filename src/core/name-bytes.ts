const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

// Bytes 80–FF that are no UTF-8 stand as the lone surrogates U+DC80–DCFF, which no valid text holds: Python's
// "surrogateescape" (PEP 383). rclone carries such bytes raw, so this loses nothing on the way between two stores.
const escapeBase = 0xdc00;

/** The text of a name of any bytes: UTF-8 where it is valid, each other byte as one lone surrogate. */
export function bytesToName(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes('\ufffd') ? escapeInvalid(bytes) : text;
}

/** The bytes of a name: UTF-8, and the raw bytes that `bytesToName` escaped. */
export function nameToBytes(name: string): Uint8Array {
  return isValidText(name) ? encoder.encode(name) : unescapeBytes(name);
}

/** False for a name that carries bytes which are not UTF-8. */
export function isValidText(name: string): boolean {
  return name.isWellFormed();
}

/** How a byte from 80 to FF that is not UTF-8 stands in a name. */
export function escapeByte(byte: number): string {
  return String.fromCharCode(escapeBase + byte);
}

/** The byte that a char code of a lone surrogate stands for; null when it stands for none. */
export function escapedByte(code: number): number | null {
  return code >= escapeBase + 0x80 && code <= escapeBase + 0xff ? code - escapeBase : null;
}

function escapeInvalid(bytes: Uint8Array): string {
  let name = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    name += length > 0 ? decoder.decode(bytes.subarray(i, i + length)) : escapeByte(bytes[i] ?? 0);
    i += Math.max(1, length);
  }
  return name;
}

/** Bytes of the UTF-8 sequence at `start`; 0 where there is none (RFC 3629, section 4). */
function sequenceLength(bytes: Uint8Array, start: number): number {
  const lead = bytes[start] ?? 0;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (start + length > bytes.length) return 0;
  const second = bytes[start + 1] ?? 0;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < length; i++) if (((bytes[start + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function unescapeBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(name.length * 3);
  let length = 0;
  for (const char of name) {
    const byte = char.length === 1 ? escapedByte(char.charCodeAt(0)) : null;
    if (byte === null) length += encoder.encodeInto(char, bytes.subarray(length)).written;
    else bytes[length++] = byte;
  }
  return bytes.slice(0, length);
}
