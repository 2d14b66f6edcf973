import type { Source } from '../../core/bytes.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { openBody } from './body.ts';
import { keepSpans, keptSize, keptSpans } from './edits.ts';
import { openHeader } from './header.ts';
import { splitHeader } from './header-stream.ts';
import { plainSize } from './layout.ts';
import { type OpenStreamOptions, openRange } from './stream.ts';

/** What a sealed source opens to; disposing it ends the reading of the sealed one and wipes its keys. */
export type OpenedSource = Source & AsyncDisposable;

/** The plain form of a sealed source. Its header is read here, and the first to ask for the whole file gets the rest of the
 *  same stream, so that a file costs one request. Throws as `splitHeader`, `openHeader` and `plainSize`. */
export async function openSource(
  sealed: Source,
  reader: KeyPair,
  { path, sender }: Pick<OpenStreamOptions, 'path' | 'sender'>,
): Promise<OpenedSource> {
  const { header, body, close } = await splitHeader(sealed.open(), path);
  try {
    const { dataKeys, edits } = openHeader(header.packets, reader, path, sender);
    const kept = keptSpans(edits);
    const size = sealed.size === null ? null : keptSize(kept, plainSize(sealed.size, header.length, path));
    let isBodyTaken = false;
    return {
      size,
      replayable: sealed.replayable,
      open(range = { start: 0 }) {
        const isWhole =
          range.start === 0 && (range.end ?? Number.POSITIVE_INFINITY) >= (size ?? Number.POSITIVE_INFINITY);
        if (!isWhole || isBodyTaken)
          return openRange(sealed, { dataKeys, edits, length: header.length }, range, { path });
        isBodyTaken = true;
        return keepSpans(openBody(dataKeys, body, { path }), kept);
      },
      async [Symbol.asyncDispose]() {
        await close();
        for (const key of dataKeys) key.fill(0);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
