import type { Bytes, Range } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { keepSpans, keptSpans, partsOf, type Span, tighten } from './edits.ts';
import { formatHeader, openHeader, type Packets, sealHeader } from './header.ts';
import { chunk } from './layout.ts';
import { sealPacket } from './packet.ts';

/** Who rewrites a header, and for whom. */
export interface Rewriting {
  /** Opens the old packets and writes the new ones. */
  readonly owner: KeyPair;
  /** Public keys. */
  readonly recipients: readonly Uint8Array[];
  /** What messages call the file. */
  readonly path: string;
}

/** The header in which what `owner` can open is sealed to the recipients instead; the body stays as it is. Packets for
 *  others are kept, unless `trim`. Throws as `openHeader`, and Failure('usage') without recipients. */
export function reencrypt(packets: Packets, { owner, recipients, path }: Rewriting, trim = false): Uint8Array {
  if (recipients.length === 0) throw new Failure('usage', 'nobody could open this: give at least one public key');
  const { payloads, others } = openHeader(packets, owner, path);
  const resealed = payloads.flatMap((payload) => recipients.map((key) => sealPacket(payload, owner, key)));
  return formatHeader(trim ? resealed : [...resealed, ...others]);
}

/** A file made of whole chunks of another one. */
export interface Rearranged {
  readonly header: Uint8Array;
  /** Which chunks follow it, counted from 0. */
  readonly chunks: readonly Span[];
}

/** The file that holds only `range` of another one, without sealing anything of its body again: an edit list tells what
 *  of the first and the last chunk does not belong to it. `range` counts the bytes that an edit list already keeps.
 *  Packets for others go: they would read other bytes. Throws as `reencrypt`. */
export function rearrange(packets: Packets, range: Range, { owner, recipients, path }: Rewriting): Rearranged {
  const { dataKeys, edits } = openHeader(packets, owner, path);
  const parts = partsOf(keptSpans(edits), range);
  if (parts.length === 0) throw new Failure('usage', `${path}: an empty range is left`, { path });
  const { runs, edits: newEdits } = tighten(parts);
  return { header: sealHeader({ dataKeys, edits: newEdits }, owner, recipients), chunks: runs };
}

/** The bytes of some chunks of a sealed body. */
export function keepChunks(body: Bytes, chunks: readonly Span[]): Bytes {
  const { sealed } = chunk;
  return keepSpans(
    body,
    chunks.map(({ start, end }) => ({ start: start * sealed, end: end * sealed })),
  );
}
