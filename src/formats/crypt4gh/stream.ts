import { randomBytes } from 'node:crypto';
import type { Bytes, Range, Source } from '../../core/bytes.ts';
import { nonceSize } from '../../crypto/aead.ts';
import { type KeyPair, keySize, newKeyPair } from '../../crypto/x25519.ts';
import { sealedRange } from '../chunked.ts';
import { sealSource } from '../sealed-source.ts';
import { type BodyCipher, openBody, sealBody } from './body.ts';
import { keepSpans, keptSpans, partsOf, type Span } from './edits.ts';
import { type OpenedHeader, openHeader, sealHeader } from './header.ts';
import { splitHeader } from './header-stream.ts';
import { chunk } from './layout.ts';

/** One file being sealed: the header is known, and any part of the body can be made. */
export interface SealedFile {
  readonly header: Uint8Array;
  readonly cipher: BodyCipher;
}

/** Draws a data key and tells it to the recipients; by a one-time key where no writer is given. Use it for one file. */
export function newSealedFile(recipients: readonly Uint8Array[], writer: KeyPair = newKeyPair()): SealedFile {
  const cipher = { dataKey: randomBytes(keySize), nonce: randomBytes(nonceSize) };
  return { header: sealHeader({ dataKeys: [cipher.dataKey], edits: null }, writer, recipients), cipher };
}

/** The whole sealed file. See convertChunks for how pieces are reused. */
export function sealStream({ header, cipher }: SealedFile, plain: Bytes): Bytes {
  return sealBody(cipher, plain, 0, header);
}

/** The sealed form of a source, of which any range can be asked for again. */
export function sealedSource({ header, cipher }: SealedFile, plain: Source): Source {
  return sealSource(
    {
      chunk,
      headerLength: header.length,
      seal: (bytes, { hasHeader, firstChunk, seen }) =>
        sealBody(cipher, bytes, firstChunk, hasHeader ? header : undefined, seen),
    },
    plain,
  );
}

export interface OpenStreamOptions {
  /** What messages call the file. */
  readonly path: string;
  /** Which of the plain bytes to give, those that the edit list keeps; all unless told. */
  readonly range?: Range;
  /** Only packets of this writer count; anyone's unless told. */
  readonly sender?: Uint8Array;
  /** Where set, a chunk that does not open is told here and becomes zeros, instead of an error. */
  readonly onBadChunk?: ((message: string) => void) | undefined;
}

/** Opens a sealed file that comes as a stream, its header first. Throws as `splitHeader`, `openHeader` and `openBody`. */
export async function* openStream(
  sealed: Bytes,
  reader: KeyPair,
  options: OpenStreamOptions,
): AsyncGenerator<Uint8Array> {
  const { path, range = { start: 0 }, sender, onBadChunk } = options;
  const { header, body, close } = await splitHeader(sealed, path);
  try {
    const { dataKeys, edits } = openHeader(header.packets, reader, path, sender);
    const plain = openBody(dataKeys, body, { path, onBadChunk });
    yield* keepSpans(plain, partsOf(keptSpans(edits), range));
    for (const key of dataKeys) key.fill(0);
  } finally {
    await close();
  }
}

/** Opens a range of a sealed file of which any part can be read; its header has been opened before. Reads the chunks
 *  that hold the range and few more. `range` counts the bytes that the edit list keeps. */
export async function* openRange(
  sealed: Source,
  header: Pick<OpenedHeader, 'dataKeys' | 'edits'> & { readonly length: number },
  range: Range,
  options: Pick<OpenStreamOptions, 'path' | 'onBadChunk'>,
): AsyncGenerator<Uint8Array> {
  for (const parts of neighbours(partsOf(keptSpans(header.edits), range))) {
    const [first, last] = [parts[0] as Span, parts.at(-1) as Span];
    const { start, end, firstChunk } = sealedRange(chunk, header.length, { start: first.start, end: last.end });
    const body = sealed.open(end === Number.POSITIVE_INFINITY ? { start } : { start, end });
    const plain = openBody(header.dataKeys, body, { ...options, firstChunk });
    yield* keepSpans(plain, parts, firstChunk * chunk.plain);
  }
}

// To read a little that is not needed is cheaper than another request.
const narrowGap = 16 * chunk.plain;

/** Groups spans that lie close to each other. */
function neighbours(spans: readonly Span[]): Span[][] {
  const groups: Span[][] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && span.start - last.end < narrowGap) group.push(span);
    else groups.push([span]);
  }
  return groups;
}
