import { type Bytes, collect, concat, noBytes } from '../../../src/core/bytes.ts';
import type { Engine } from '../../../src/crypto/engine.ts';
import { type ContentCipher, openContent, sealContent } from '../../../src/formats/rclone-crypt/content.ts';

export const zeroCipher = (engine: Engine): ContentCipher => ({ engine, dataKey: new Uint8Array(32) });
/** 1, 2, 3 … 24: the nonce of rclone's own vectors. */
export const countingNonce = Uint8Array.from({ length: 24 }, (_, i) => i + 1);

/** `data` in pieces of the given lengths, over and over, each a Buffer, whose slice() copies nothing. A piece is spoilt as
 *  early as a stream may do that: when the second piece after it is asked for. */
export async function* pieces(data: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let older: Uint8Array | undefined;
  for (let offset = 0, i = 0; offset < data.length; i++) {
    const piece = Buffer.from(data.subarray(offset, offset + (lengths[i % lengths.length] ?? 1)));
    yield piece;
    older?.fill(0xee);
    older = piece;
    offset += piece.length;
  }
}

export function sealWhole(cipher: ContentCipher, plain: Uint8Array, lengths = [1 << 20], nonce = countingNonce) {
  const options = { hasHeader: true, firstChunk: 0 };
  return collect(sealContent(cipher, nonce, pieces(plain, lengths), options));
}

export function openWhole(cipher: ContentCipher, sealed: Uint8Array, lengths = [1 << 20], path = 'a/b.txt') {
  return collect(openContent(cipher, pieces(sealed, lengths), { path }));
}

/** The bytes of a stream, each piece copied as late as it may be: when the next one has come. */
export async function collectLate(bytes: Bytes): Promise<Uint8Array> {
  const copies: Uint8Array[] = [];
  let held: Uint8Array = noBytes;
  for await (const piece of bytes) {
    copies.push(Uint8Array.from(held));
    held = piece;
  }
  return concat([...copies, held]);
}
