import { type Bytes, collect, type Range } from '../../core/bytes.ts';
import type { Call, Remote } from '../../core/remote.ts';
import { slicePieces } from '../../formats/chunk-stream.ts';
import { sealedRange } from '../../formats/chunked.ts';
import { type ContentCipher, type OpenOptions, openChunks, openContent } from '../../formats/rclone-crypt/content.ts';
import { parseHeader } from '../../formats/rclone-crypt/header.ts';
import { chunk, headerLength } from '../../formats/rclone-crypt/layout.ts';

export interface SealedFile {
  readonly remote: Remote;
  /** On `remote`. */
  readonly sealedPath: string;
  readonly call: Call | undefined;
}

/** The plain bytes of `range`. Asks the base for the chunks that hold them and no more; where they do not begin with
 *  the file, for its header first. */
export async function* readRange(
  file: SealedFile,
  cipher: ContentCipher,
  range: Range = { start: 0 },
  options: OpenOptions,
): Bytes {
  const { remote, sealedPath, call } = file;
  const { start, end, firstChunk, skip, take } = sealedRange(chunk, headerLength, range);
  const until = end === Number.POSITIVE_INFINITY ? {} : { end };
  if (range.start === 0) {
    const sealed = remote.read(sealedPath, { start: 0, ...until }, call);
    yield* slicePieces(openContent(cipher, sealed, options), 0, take);
    return;
  }
  const nonce = await readNonce(file, options.path);
  const sealed = remote.read(sealedPath, { start, ...until }, call);
  yield* slicePieces(openChunks(cipher, nonce, sealed, firstChunk, options), skip, take);
}

/** The nonce of the first chunk. Throws Failure('corrupt') that names `path` for a file that is not sealed. */
export async function readNonce({ remote, sealedPath, call }: SealedFile, path: string): Promise<Uint8Array> {
  return parseHeader(await collect(remote.read(sealedPath, { start: 0, end: headerLength }, call)), path);
}
