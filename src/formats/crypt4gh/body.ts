import type { Bytes } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import { nonceSize, tagSize } from '../../crypto/aead.ts';
import { open, seal } from '../../crypto/chacha20-poly1305.ts';
import { advanceNonce, nonceOfChunk } from '../chunk-nonce.ts';
import { convertChunks } from '../chunk-stream.ts';
import type { SealedChunks } from '../sealed-chunks.ts';
import { chunk, growth } from './layout.ts';

/** What seals a body. The key is used for this file only, so chunk k may have the nonce `nonce` + k: none comes twice,
 *  and any part of the file can be made again. */
export interface BodyCipher {
  readonly dataKey: Uint8Array;
  /** 12 random bytes. */
  readonly nonce: Uint8Array;
}

/** Seals plain bytes that begin at the start of chunk `firstChunk`. See convertChunks for how pieces are reused. */
export function sealBody(
  cipher: BodyCipher,
  plain: Bytes,
  firstChunk = 0,
  prefix?: Uint8Array,
  seen?: SealedChunks,
): Bytes {
  return convertChunks(plain, {
    chunkLength: chunk.plain,
    growth,
    convert: chunkSealer(cipher, firstChunk, seen),
    ...(prefix && { prefix }),
  });
}

/** Seals one chunk after the other, from `firstChunk` on. Throws Failure('changed') as `SealedChunks`. */
export function chunkSealer({ dataKey, nonce }: BodyCipher, firstChunk = 0, seen?: SealedChunks) {
  const current = nonceOfChunk(nonce, firstChunk);
  let index = firstChunk;
  return (out: Uint8Array, plain: Uint8Array): void => {
    out.set(current);
    seal(out.subarray(nonceSize), plain, current, dataKey);
    seen?.require(index++, out.subarray(-tagSize));
    advanceNonce(current, 1);
  };
}

export interface OpenOptions {
  /** What messages call the file. */
  readonly path: string;
  /** The chunk that comes first. */
  readonly firstChunk?: number;
  /** Where set, a chunk that does not open is told here and becomes zeros, instead of an error. */
  readonly onBadChunk?: ((message: string) => void) | undefined;
}

/** Opens sealed chunks, each with any of the keys. Throws Failure('corrupt') for a chunk that none opens. */
export function openBody(dataKeys: readonly Uint8Array[], sealed: Bytes, options: OpenOptions): Bytes {
  return convertChunks(sealed, { chunkLength: chunk.sealed, growth: -growth, convert: chunkOpener(dataKeys, options) });
}

/** Opens one chunk after the other. */
export function chunkOpener(dataKeys: readonly Uint8Array[], { path, firstChunk = 0, onBadChunk }: OpenOptions) {
  let keys = dataKeys;
  let index = firstChunk;
  return (out: Uint8Array, sealed: Uint8Array): void => {
    if (sealed.length <= growth) {
      throw new Failure('corrupt', `${path}: chunk ${index} is cut: the file ends too early`, { path });
    }
    const key = keys.find((candidate) =>
      open(out, sealed.subarray(nonceSize), sealed.subarray(0, nonceSize), candidate),
    );
    if (!key) {
      const message = `cannot open chunk ${index} of ${path}: ${whatIsWrong(sealed, index)}`;
      if (!onBadChunk) throw new Failure('corrupt', message, { path });
      onBadChunk(message);
      out.fill(0);
    } else if (key !== keys[0]) {
      // The chunks that follow most likely have the same key.
      keys = [key, ...keys.filter((other) => other !== key)];
    }
    index++;
  };
}

function whatIsWrong({ length }: Uint8Array, index: number): string {
  const start = index * chunk.plain;
  // The last chunk is shorter anyway, so nothing tells whether it was cut.
  const verb = length < chunk.sealed ? 'corrupt or cut' : 'corrupt';
  return `${verb} data (its plain bytes ${start} to ${start + length - growth - 1})`;
}
