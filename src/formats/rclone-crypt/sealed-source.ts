import type { Bytes, Range, Source } from '../../core/bytes.ts';
import { slicePieces } from '../chunk-stream.ts';
import { plainRange } from '../chunked.ts';
import { type ContentCipher, sealContent } from './content.ts';
import { chunk, headerLength, sealedSize } from './layout.ts';

/** The sealed form of a source, under one nonce for as long as it lives. Each range can be asked for again and
 *  is the same bytes, so parts of an upload run side by side and are retried alone. A pipe stays a pipe. */
export function sealedSource(cipher: ContentCipher, nonce: Uint8Array, plain: Source): Source {
  const size = plain.size === null ? null : sealedSize(plain.size);
  return {
    size,
    replayable: plain.replayable,
    open(range) {
      const isWhole =
        !range || (range.start === 0 && (range.end ?? Number.POSITIVE_INFINITY) >= (size ?? Number.POSITIVE_INFINITY));
      return isWhole ? openWhole(cipher, nonce, plain) : openPart(cipher, nonce, plain, range);
    },
  };
}

function openWhole(cipher: ContentCipher, nonce: Uint8Array, plain: Source): Bytes {
  return sealContent(cipher, nonce, plain.open(), { hasHeader: true, firstChunk: 0 });
}

function openPart(cipher: ContentCipher, nonce: Uint8Array, plain: Source, range: Range): Bytes {
  const needed = plainRange(chunk, headerLength, range);
  const { firstChunk, skip, hasHeader } = needed;
  const start = Math.min(needed.start, plain.size ?? needed.start);
  const end = Math.min(needed.end, plain.size ?? needed.end);
  const bytes = plain.open(end === Number.POSITIVE_INFINITY ? { start } : { start, end });
  const sealed = sealContent(cipher, nonce, bytes, { hasHeader, firstChunk });
  return slicePieces(sealed, skip, (range.end ?? Number.POSITIVE_INFINITY) - range.start);
}
