import { type Bytes, collect, type Range } from '../../core/bytes.ts';
import { isFailure } from '../../core/failure.ts';
import type { Call, Remote } from '../../core/remote.ts';
import { slicePieces } from '../../formats/chunk-stream.ts';
import { sealedRange } from '../../formats/chunked.ts';
import { type ContentCipher, type OpenOptions, openChunks, openContent } from '../../formats/rclone-crypt/content.ts';
import { parseHeader } from '../../formats/rclone-crypt/header.ts';
import { chunk, headerLength } from '../../formats/rclone-crypt/layout.ts';
import type { KnownNonces } from './known-nonces.ts';

export interface SealedFile {
  readonly remote: Remote;
  /** On `remote`. */
  readonly sealedPath: string;
  readonly call: Call | undefined;
}

/** The plain bytes of `range`. Asks the base for the chunks that hold them and no more; where they do not begin with
 *  the file, for its header first, unless `nonces` has what it says. */
export function readRange(
  file: SealedFile,
  cipher: ContentCipher,
  range: Range = { start: 0 },
  options: OpenOptions,
  nonces: KnownNonces,
): Bytes {
  if (range.start > 0) return readMiddle(file, cipher, range, options, nonces);
  const { end, take } = sealedRange(chunk, headerLength, range);
  const sealed = file.remote.read(file.sealedPath, untilOf(0, end), file.call);
  const plain = openContent(cipher, sealed, options);
  return take === Number.POSITIVE_INFINITY ? plain : slicePieces(plain, 0, take);
}

async function* readMiddle(
  file: SealedFile,
  cipher: ContentCipher,
  range: Range,
  options: OpenOptions,
  nonces: KnownNonces,
): Bytes {
  const { start, end, firstChunk, skip, take } = sealedRange(chunk, headerLength, range);
  const openWith = (nonce: Uint8Array): Bytes => {
    const sealed = file.remote.read(file.sealedPath, untilOf(start, end), file.call);
    return slicePieces(openChunks(cipher, nonce, sealed, firstChunk, options), skip, take);
  };
  // Where bad chunks are passed on, nobody is told that the nonce was another file's.
  const known = options.onBadChunk ? undefined : nonces.get(file.sealedPath);
  if (known) {
    let isBegun = false;
    try {
      for await (const piece of openWith(known)) {
        isBegun = true;
        yield piece;
      }
      return;
    } catch (error) {
      if (isBegun || !isFailure(error, 'corrupt')) throw error;
    }
  }
  const nonce = await readNonce(file, options.path);
  nonces.set(file.sealedPath, nonce);
  yield* openWith(nonce);
}

function untilOf(start: number, end: number): Range {
  return end === Number.POSITIVE_INFINITY ? { start } : { start, end };
}

/** The nonce of the first chunk. Throws Failure('corrupt') that names `path` for a file that is not sealed. */
export async function readNonce({ remote, sealedPath, call }: SealedFile, path: string): Promise<Uint8Array> {
  return parseHeader(await collect(remote.read(sealedPath, { start: 0, end: headerLength }, call)), path);
}
