import { Failure } from '../../core/failure.ts';
import { type KeyPair, newKeyPair } from '../../crypto/x25519.ts';
import { formatHeader, openHeader, type Packets } from './header.ts';
import { openSentPacket, sealPacket, writerOf } from './packet.ts';

/** Whose headers are looked at, and what is known of their recipients. Keys are public ones. */
export interface Owner {
  readonly pair: KeyPair;
  /** Who may be among the recipients. Crypt4GH does not tell for whom a packet is; only its writer can try whom it was
   *  written to. */
  readonly candidates: readonly Uint8Array[];
  /** What messages call the file. */
  readonly path: string;
}

/** Who can open a file, as far as the owner can know. */
export interface Readers {
  /** The owner and those of the candidates to whom the owner has written. */
  readonly known: readonly Uint8Array[];
  /** How many packets there are of which nobody knows the recipient. */
  readonly unknown: number;
}

/** Throws as `openHeader` where the owner is not among them. */
export function readersOf(packets: Packets, { pair, candidates, path }: Owner): Readers {
  const { others } = openHeader(packets, pair, path);
  const known = [pair.public];
  let unknown = 0;
  for (const packet of others) {
    const reader = candidates.find((candidate) => openSentPacket(packet, pair, candidate) !== null);
    if (!reader) unknown++;
    else if (!includesKey(known, reader)) known.push(reader);
  }
  return { known, unknown };
}

/** The header that makes these keys recipients of all that the owner can open; null where all of them are known to be
 *  recipients already. Throws as `openHeader`. */
export function withRecipients(packets: Packets, added: readonly Uint8Array[], owner: Owner): Uint8Array | null {
  const { pair, path } = owner;
  const { known } = readersOf(packets, { ...owner, candidates: added });
  const missing = added.filter((key) => !includesKey(known, key));
  if (missing.length === 0) return null;
  const { payloads } = openHeader(packets, pair, path);
  const sealed = missing.flatMap((key) => payloads.map((payload) => sealPacket(payload, pair, key)));
  return formatHeader([...packets, ...sealed]);
}

/** A header that is no longer for some. */
export interface Narrowed {
  readonly header: Uint8Array;
  readonly recipients: readonly Uint8Array[];
}

/** The header without these keys; null where they are known to be none of its recipients. Packets of which nobody knows the
 *  recipient may be theirs: these go, too, and all of the candidates become recipients instead. Throws as `openHeader`,
 *  and Failure('usage') where nobody would be left. */
export function withoutRecipients(packets: Packets, removed: readonly Uint8Array[], owner: Owner): Narrowed | null {
  const { pair, candidates, path } = owner;
  const { known, unknown } = readersOf(packets, { ...owner, candidates: [...candidates, ...removed] });
  // Who wrote a packet can open it, whoever it is for.
  const writers = packets.flatMap((packet) => writerOf(packet) ?? []);
  if (unknown === 0 && ![...known, ...writers].some((key) => includesKey(removed, key))) return null;
  const possible = unknown === 0 ? known : [...known, ...candidates.filter((key) => !includesKey(known, key))];
  const recipients = possible.filter((key) => !includesKey(removed, key));
  if (recipients.length === 0) {
    throw new Failure('usage', `${path}: nobody could open it: add another key before this one goes`, { path });
  }
  const { payloads } = openHeader(packets, pair, path);
  const writer = includesKey(removed, pair.public) ? newKeyPair() : pair;
  const sealed = recipients.flatMap((key) => payloads.map((payload) => sealPacket(payload, writer, key)));
  return { header: formatHeader(sealed), recipients };
}

export function includesKey(keys: readonly Uint8Array[], key: Uint8Array): boolean {
  return keys.some((other) => Buffer.compare(other, key) === 0);
}
