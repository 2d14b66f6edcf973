import { decodeBase32, encodeBase32 } from './base32.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { decodeBase32768, encodeBase32768 } from './base32768.ts';

/** How encrypted bytes are spelled as a name. `decode` gives null for what it cannot have written. */
export interface NameEncoding {
  encode(bytes: Uint8Array): string;
  decode(text: string): Uint8Array | null;
}

/** By the value of rclone's `filename_encoding`. */
export const nameEncodings: Readonly<Record<'base32' | 'base64' | 'base32768', NameEncoding>> = {
  base32: { encode: encodeBase32, decode: decodeBase32 },
  base64: { encode: encodeBase64, decode: decodeBase64 },
  base32768: { encode: encodeBase32768, decode: decodeBase32768 },
};
