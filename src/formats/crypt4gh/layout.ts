import { Failure } from '../../core/failure.ts';
import { nonceSize, tagSize } from '../../crypto/chacha20-poly1305.ts';
import type { ChunkSizes } from '../chunked.ts';

/** By how much a chunk grows: its nonce before it and its tag behind it. */
export const growth = nonceSize + tagSize;

/** After the header, a file is chunks ("segments" in the specification) of 64 KiB; only the last may be shorter. */
export const chunk: ChunkSizes = { plain: 65_536, sealed: 65_536 + growth };

/** Bytes of the chunks of `plainSize` bytes, header not included. */
export function sealedBodySize(plainSize: number): number {
  return plainSize + Math.ceil(plainSize / chunk.plain) * growth;
}

/** Plain bytes in chunks that are `bodySize` bytes long, header not included.
 *  Throws Failure('corrupt') for a length that no chunks have. */
export function plainBodySize(bodySize: number): number {
  const rest = bodySize % chunk.sealed;
  if (bodySize < 0 || (rest > 0 && rest <= growth)) {
    throw new Failure('corrupt', `${bodySize} bytes are no length of encrypted data: its last chunk is cut`);
  }
  return bodySize - Math.ceil(bodySize / chunk.sealed) * growth;
}
