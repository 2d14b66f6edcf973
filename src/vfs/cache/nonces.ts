import { nonceSize } from '../../crypto/aead.ts';
import { createRandomPieces } from '../../crypto/random-pieces.ts';

const nextNonce = createRandomPieces(nonceSize);

/** Writes a random nonce to the first bytes of `out`. 2^32 of them under one key, 256 TiB of blocks, stay safe. */
export function fillNonce(out: Uint8Array): void {
  out.set(nextNonce());
}
