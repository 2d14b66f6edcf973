/** RFC 4648's URL-safe base64 without padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** Null for what is no base64: node's own decoder would skip over it. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 === 1 || !/^[\w-]*$/.test(text)) return null;
  return Buffer.from(text, 'base64url');
}
