import type { Bytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { Engine } from '../../crypto/engine.ts';
import { nonceSize, tagSize } from '../../crypto/secretbox.ts';
import { advanceNonce, nonceOfChunk } from '../chunk-nonce.ts';
import { type ChunkConversion, convertChunks } from '../chunk-stream.ts';
import type { PartToSeal } from '../sealed-source.ts';
import { formatHeader, parseHeader } from './header.ts';
import { chunk, headerLength } from './layout.ts';

/** What seals and opens content: the engine and the 32-byte data key. */
export interface ContentCipher {
  readonly engine: Engine;
  readonly dataKey: Uint8Array;
}

/** Seals plain bytes that begin at the start of chunk `firstChunk`. Chunk k of a file has the nonce `nonce` + k. The header
 *  comes only before chunk 0. Throws Failure('changed') as `SealedChunks`.
 *  See convertChunks for how pieces are reused. */
export function sealContent(cipher: ContentCipher, nonce: Uint8Array, plain: Bytes, options: PartToSeal): Bytes {
  const { hasHeader, firstChunk, seen } = options;
  const { engine, dataKey } = cipher;
  const current = nonceOfChunk(nonce, firstChunk);
  let index = firstChunk;
  return convertChunks(plain, {
    chunkLength: chunk.plain,
    growth: tagSize,
    prefix: hasHeader ? formatHeader(nonce) : undefined,
    convert(out, plainChunk) {
      engine.seal(out, plainChunk, current, dataKey);
      seen?.require(index++, out);
      advanceNonce(current, 1);
    },
  });
}

export interface OpenOptions {
  /** What messages call the file. */
  readonly path: string;
  /** Where set, a chunk that does not open is told here and becomes zeros, instead of an error. */
  readonly onBadChunk?: ((message: string) => void) | undefined;
}

/** Opens a sealed file, header first. Throws Failure('corrupt') for a header that is none, a chunk that is not
 *  authentic or a last chunk without a plain byte. */
export function openContent(cipher: ContentCipher, sealed: Bytes, options: OpenOptions): Bytes {
  const nonce = new Uint8Array(nonceSize);
  const read = (header: Uint8Array): void => nonce.set(parseHeader(header, options.path));
  return convertChunks(sealed, opening(cipher, nonce, 0, options, { length: headerLength, read }));
}

/** Opens sealed chunks from the middle of a file, from the start of chunk `firstChunk`; `nonce` is the header's. */
export function openChunks(
  cipher: ContentCipher,
  nonce: Uint8Array,
  sealed: Bytes,
  firstChunk: number,
  options: OpenOptions,
): Bytes {
  return convertChunks(sealed, opening(cipher, nonceOfChunk(nonce, firstChunk), firstChunk, options));
}

function opening(
  { engine, dataKey }: ContentCipher,
  current: Uint8Array,
  firstChunk: number,
  { path, onBadChunk }: OpenOptions,
  header?: ChunkConversion['header'],
): ChunkConversion {
  let index = firstChunk;
  return {
    header,
    chunkLength: chunk.sealed,
    growth: -tagSize,
    convert(out: Uint8Array, sealedChunk: Uint8Array): void {
      if (sealedChunk.length <= tagSize) {
        throw new Failure('corrupt', `${path}: chunk ${index} is cut: the file ends too early`, { path });
      }
      if (!engine.open(out, sealedChunk, current, dataKey)) {
        const message = `cannot open chunk ${index} of ${path}: wrong password or corrupt data`;
        if (!onBadChunk) throw new Failure('corrupt', message, { path });
        onBadChunk(message);
        out.fill(0);
      }
      index++;
      advanceNonce(current, 1);
    },
  };
}
