import type { Source } from '../../core/bytes.ts';
import { sealSource } from '../sealed-source.ts';
import { type ContentCipher, sealContent } from './content.ts';
import { chunk, headerLength } from './layout.ts';

/** The sealed form of a source, under one nonce for as long as it lives. */
export function sealedSource(cipher: ContentCipher, nonce: Uint8Array, plain: Source): Source {
  return sealSource(
    { chunk, headerLength, seal: (bytes, options) => sealContent(cipher, nonce, bytes, options) },
    plain,
  );
}
