import { Failure } from '../../core/failure.ts';
import { nonceSize, tagSize } from '../../crypto/aead.ts';
import { keySize } from '../../crypto/x25519.ts';
import { type ChunkSizes, plainLength } from '../chunked.ts';

/** By how much a chunk grows: its nonce before it and its tag behind it. */
export const growth = nonceSize + tagSize;

/** After the header, a file is chunks ("segments" in the specification) of 64 KiB; only the last may be shorter. */
export const chunk: ChunkSizes = { plain: 65_536, sealed: 65_536 + growth };

/** Bytes in a file whose header has `headerLength` bytes and which takes `sealedSize` on the store, its edit list not
 *  applied. `path` is what messages call it. Throws Failure('corrupt') for a length that no sealed file has. */
export function plainSize(sealedSize: number, headerLength: number, path = 'the file'): number {
  const body = sealedSize - headerLength;
  const plain = body < 0 ? null : plainLength(chunk, body);
  if (plain !== null) return plain;
  throw new Failure('corrupt', `${path}: no Crypt4GH file has ${sealedSize} bytes: its last chunk is cut`, {
    path,
  });
}

// Magic, version and count; then a packet's length, method, writer's key, nonce and tag around the data key.
const preambleLength = 16;
const packetLength = 4 + 4 + keySize + nonceSize + (8 + keySize) + tagSize;

/** Bytes of the header that tells one data key to so many recipients, as all writers in use make it. */
export function headerLengthFor(recipients: number): number {
  return preambleLength + recipients * packetLength;
}
