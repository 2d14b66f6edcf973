import type { Bytes, Range, Source } from '../../core/bytes.ts';
import type { Call, Remote } from '../../core/remote.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { openBody } from '../../formats/crypt4gh/body.ts';
import { keepSpans, keptSpans } from '../../formats/crypt4gh/edits.ts';
import { type Header, openHeader } from '../../formats/crypt4gh/header.ts';
import { splitHeader } from '../../formats/crypt4gh/header-stream.ts';
import { openRange, openStream } from '../../formats/crypt4gh/stream.ts';
import type { Extent } from './entries.ts';

export interface SealedFile {
  readonly remote: Remote;
  /** On `remote`. */
  readonly sealedPath: string;
  readonly call: Call | undefined;
}

/** The plain bytes of `range`; `path` is what messages call the file. Whole in one request; for a part the header comes
 *  first, as nobody knows how long it is, and then the chunks that hold the part. */
export async function* readPlain(
  file: SealedFile,
  reader: KeyPair,
  path: string,
  range: Range = { start: 0 },
): AsyncGenerator<Uint8Array> {
  const { remote, sealedPath, call } = file;
  if (range.start === 0 && range.end === undefined) {
    return yield* openStream(remote.read(sealedPath, undefined, call), reader, { path });
  }
  const { packets, length } = await readHeader(file, path);
  const { dataKeys, edits } = openHeader(packets, reader, path);
  const source: Source = { size: null, replayable: true, open: (part) => remote.read(sealedPath, part, call) };
  yield* openRange(source, { dataKeys, edits, length }, range, { path });
}

/** Opens a sealed file that is being read: how large it is once open, and its plain bytes. */
export async function openSealed(
  sealed: Bytes,
  reader: KeyPair,
  path: string,
): Promise<{ readonly extent: Extent; readonly plain: Bytes }> {
  const { header, body } = await splitHeader(sealed, path);
  const { dataKeys, edits } = openHeader(header.packets, reader, path);
  const plain = keepSpans(openBody(dataKeys, body, { path }), keptSpans(edits));
  return { extent: { headerLength: header.length, edits }, plain };
}

/** A file's header, and little more of it. Throws as `splitHeader`. */
export async function readHeader(file: SealedFile, path: string): Promise<Header> {
  const { header, close } = await splitHeader(startOf(file), path);
  await close();
  return header;
}

// Nine recipients, and then nearly everything else.
const usualHeader = 1 << 10;
const longHeader = 1 << 16;

/** The file from its start, of which only what is asked for comes. */
async function* startOf({ remote, sealedPath, call }: SealedFile): Bytes {
  for (const [start, end] of [
    [0, usualHeader],
    [usualHeader, longHeader],
  ] as const) {
    let length = 0;
    for await (const piece of remote.read(sealedPath, { start, end }, call)) {
      length += piece.length;
      yield piece;
    }
    if (length < end - start) return;
  }
  yield* remote.read(sealedPath, { start: longHeader }, call);
}
