import { Failure } from '../../../core/failure.ts';
import { bytesToName, nameToBytes } from '../../../core/name-bytes.ts';
import { createEme } from '../../../crypto/eme.ts';
import type { CryptKeys } from '../keys.ts';
import type { NameEncoding } from './encoding.ts';
import type { SegmentCodec } from './segment.ts';

const blockSize = 16;
const maxLength = 2048;

/** filename_encryption = standard: the name's bytes, padded by PKCS#7, encrypted by EME, spelled in `encoding`. */
export function standardCodec({ nameKey, nameTweak }: CryptKeys, encoding: NameEncoding): SegmentCodec {
  const eme = createEme(nameKey, nameTweak);
  return {
    seal: (name) => encoding.encode(eme.seal(pad(name))),
    open(sealed) {
      const bytes = sealedBytes(sealed, encoding);
      return bytes && unpad(eme.open(bytes));
    },
  };
}

/** The bytes of what could be a sealed name, under whatever password; null for any other. */
export function sealedBytes(sealed: string, encoding: NameEncoding): Uint8Array | null {
  const bytes = encoding.decode(sealed);
  return !bytes || bytes.length === 0 || bytes.length % blockSize !== 0 || bytes.length > maxLength ? null : bytes;
}

function pad(name: string): Uint8Array {
  const bytes = nameToBytes(name);
  const padding = blockSize - (bytes.length % blockSize);
  if (bytes.length + padding > maxLength) {
    throw new Failure('too-large', `the name ${name.slice(0, 40)}… is too long to encrypt: ${bytes.length} bytes`);
  }
  const padded = new Uint8Array(bytes.length + padding).fill(padding);
  padded.set(bytes);
  return padded;
}

// Strict, as it is all that tells a wrong key: one name in about 250 passes it by chance.
function unpad(padded: Uint8Array): string | null {
  const padding = padded[padded.length - 1] ?? 0;
  if (padding === 0 || padding > blockSize) return null;
  const end = padded.length - padding;
  for (let i = end; i < padded.length; i++) if (padded[i] !== padding) return null;
  return bytesToName(padded.subarray(0, end));
}
