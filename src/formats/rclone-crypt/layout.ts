import { Failure } from '../../core/failure.ts';
import { tagSize } from '../../crypto/secretbox.ts';
import { type ChunkSizes, plainLength, sealedLength } from '../chunked.ts';

/** A sealed file is a header, then chunks of 64 KiB in a secretbox each; only the last one may be shorter. */
export const chunk: ChunkSizes = { plain: 65_536, sealed: 65_536 + tagSize };

/** Eight bytes of magic, then the nonce of the first chunk. */
export const headerLength = 32;

/** Bytes on the store for a file of `plainSize` bytes. */
export function sealedSize(plainSize: number): number {
  return headerLength + sealedLength(chunk, plainSize);
}

/** Bytes in a file that takes `sealedSize` on the store.
 *  Throws Failure('corrupt') for a length that no sealed file has: one cut inside its header or inside a tag. */
export function plainSize(sealedSize: number): number {
  const body = sealedSize - headerLength;
  if (body < 0) throw new Failure('corrupt', `${sealedSize} bytes are too few for an encrypted file`);
  const plain = plainLength(chunk, body);
  if (plain !== null) return plain;
  throw new Failure('corrupt', `no encrypted file has ${sealedSize} bytes: its last chunk is cut`);
}
