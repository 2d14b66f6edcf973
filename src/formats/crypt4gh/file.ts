import { randomBytes } from 'node:crypto';
import { concat } from '../../core/bytes.ts';
import { nonceSize } from '../../crypto/aead.ts';
import { type KeyPair, keySize, newKeyPair } from '../../crypto/x25519.ts';
import { sealedLength } from '../chunked.ts';
import { chunkOpener, chunkSealer } from './body.ts';
import { keptSpans } from './edits.ts';
import { openHeader, parseHeader, sealHeader } from './header.ts';
import { chunk, growth } from './layout.ts';

/** A small file, sealed in memory to each of the recipients' public keys; by a one-time key where no writer is given.
 *  Throws Failure('usage') without recipients. */
export function sealBytes(plain: Uint8Array, recipients: readonly Uint8Array[], writer?: KeyPair): Uint8Array {
  const dataKey = randomBytes(keySize);
  const header = sealHeader({ dataKeys: [dataKey], edits: null }, writer ?? newKeyPair(), recipients);
  const body = new Uint8Array(sealedLength(chunk, plain.length));
  const sealChunk = chunkSealer({ dataKey, nonce: randomBytes(nonceSize) });
  for (let from = 0, to = 0; from < plain.length; from += chunk.plain, to += chunk.sealed) {
    const part = plain.subarray(from, from + chunk.plain);
    sealChunk(body.subarray(to, to + part.length + growth), part);
  }
  dataKey.fill(0);
  return concat([header, body]);
}

/** Opens a small file in memory. `writer` is the public key that the header names: whoever can read the file could have
 *  put it there. Throws Failure('denied') where nothing is sealed to this key, Failure('corrupt') for any byte
 *  that is not authentic. `path` is what messages call the file; with `sender`, only packets of that writer count. */
export function openBytes(
  sealed: Uint8Array,
  reader: KeyPair,
  path = 'the sealed file',
  sender?: Uint8Array,
): { readonly plain: Uint8Array; readonly writer: Uint8Array } {
  const { packets, length } = parseHeader(sealed, path);
  const { dataKeys, edits, writers } = openHeader(packets, reader, path, sender);
  const plain = openChunks(dataKeys, sealed.subarray(length), path);
  for (const key of dataKeys) key.fill(0);
  const kept = keptSpans(edits).map(({ start, end }) => plain.subarray(start, end));
  return { plain: concat(kept), writer: writers[0] as Uint8Array };
}

function openChunks(dataKeys: readonly Uint8Array[], body: Uint8Array, path: string): Uint8Array {
  const openChunk = chunkOpener(dataKeys, { path });
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < body.length; from += chunk.sealed) {
    const part = body.subarray(from, from + chunk.sealed);
    const piece = new Uint8Array(Math.max(0, part.length - growth));
    openChunk(piece, part);
    pieces.push(piece);
  }
  return concat(pieces);
}
