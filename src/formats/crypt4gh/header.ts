import { concat, viewOf } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { KeyPair } from '../../crypto/x25519.ts';
import { fingerprint } from './fingerprint.ts';
import { openPacket, sealPacket } from './packet.ts';
import { type EditList, formatDataKey, formatEditList, parsePayload } from './payload.ts';

/** Sealed packets, as they follow each other in a header, without their lengths. */
export type Packets = readonly Uint8Array[];

/** What a header says to its readers. */
export interface Contents {
  /** 32 bytes each; at least one. A chunk is sealed with any of them. */
  readonly dataKeys: readonly Uint8Array[];
  readonly edits: EditList | null;
}

/** What one reader sees in a header. */
export interface OpenedHeader extends Contents {
  /** Public keys of those who wrote the packets that opened, each once. They prove nothing: the reader could have written
   *  these packets, too. */
  readonly writers: readonly Uint8Array[];
  /** What the packets that opened hold, in their order, with padding. */
  readonly payloads: readonly Uint8Array[];
  /** The packets that did not open: they are for others. */
  readonly others: Packets;
}

const magic = Buffer.from('crypt4gh');
const version = 1;
// Magic, version and number of packets.
const preambleLength = 16;

// Against headers that are made to exhaust a reader: each packet costs an agreement of keys, about 50 µs.
const mostPackets = 10_000;
const longestHeader = 16 << 20;
// Every chunk may have to be tried with each.
const mostDataKeys = 100;

/** The header that tells `contents` to each recipient. */
export function sealHeader(contents: Contents, writer: KeyPair, recipients: readonly Uint8Array[]): Uint8Array {
  if (recipients.length === 0) throw new Failure('usage', 'nobody could open this: give at least one public key');
  const payloads = [
    ...contents.dataKeys.map(formatDataKey),
    ...(contents.edits ? [formatEditList(contents.edits)] : []),
  ];
  return formatHeader(
    recipients.flatMap((recipient) => payloads.map((payload) => sealPacket(payload, writer, recipient))),
  );
}

export function formatHeader(packets: Packets): Uint8Array {
  const preamble = Buffer.concat([magic, uint32(version), uint32(packets.length)]);
  return concat([preamble, ...packets.flatMap((packet) => [uint32(packet.length + 4), packet])]);
}

/** The packets of a header and its length in bytes. */
export interface Header {
  readonly packets: Packets;
  readonly length: number;
}

/** Reads a header field by field: yields how many bytes it needs next and is given them, or fewer at the end of the file.
 *  `path` is what messages call the file. Throws Failure('corrupt') for what is no Crypt4GH file and for a header that is
 *  cut, 'unsupported' for another version or a header larger than any in use. */
export function* readingHeader(path: string): Generator<number, Header, Uint8Array> {
  const count = packetCount(yield preambleLength, path);
  const packets: Uint8Array[] = [];
  let length = preambleLength;
  while (packets.length < count) {
    const size = readUint32(requireAll(yield 4, 4, path), 0);
    if (size < 4) throw new Failure('corrupt', `${path}: a header packet of ${size} bytes`, { path });
    length += size;
    if (length > longestHeader) throw new Failure('unsupported', `${path}: its header is too long`, { path });
    packets.push(requireAll(yield size - 4, size - 4, path));
  }
  return { packets, length };
}

function packetCount(preamble: Uint8Array, path: string): number {
  if (!magic.every((byte, i) => byte === preamble[i])) {
    throw new Failure('corrupt', `${path}: not a Crypt4GH file (wrong magic bytes)`, { path });
  }
  requireAll(preamble, preambleLength, path);
  const itsVersion = readUint32(preamble, 8);
  if (itsVersion !== version) {
    throw new Failure('unsupported', `${path}: version ${itsVersion} of Crypt4GH is not known`, { path });
  }
  const count = readUint32(preamble, 12);
  if (count > mostPackets) throw new Failure('unsupported', `${path}: ${count} header packets are too many`, { path });
  return count;
}

function requireAll(bytes: Uint8Array, length: number, path: string): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new Failure('corrupt', `${path}: ends in the middle of its header`, { path });
}

/** The header that a file held in memory begins with. */
export function parseHeader(data: Uint8Array, path: string): Header {
  const reading = readingHeader(path);
  let offset = 0;
  let step = reading.next();
  while (!step.done) {
    const field = data.subarray(offset, offset + step.value);
    offset += field.length;
    step = reading.next(field);
  }
  return step.value;
}

/** Opens what `reader` can open, and leaves the other packets alone. With `sender`, only packets of that writer count.
 *  Throws Failure('denied') where no data key is among it, Failure('corrupt') for two edit lists or a malformed packet,
 *  Failure('unsupported') for a packet of an unknown type. */
export function openHeader(packets: Packets, reader: KeyPair, path: string, sender?: Uint8Array): OpenedHeader {
  const payloads: Uint8Array[] = [];
  const dataKeys: Uint8Array[] = [];
  const others: Uint8Array[] = [];
  const writers: Uint8Array[] = [];
  let edits: EditList | null = null;
  for (const packet of packets) {
    const opened = openPacket(packet, reader);
    if (!opened || (sender && Buffer.compare(sender, opened.writer) !== 0)) {
      others.push(packet);
      continue;
    }
    payloads.push(opened.payload);
    const payload = parsePayload(opened.payload, path);
    addOnce(writers, opened.writer);
    if ('dataKey' in payload) addOnce(dataKeys, payload.dataKey);
    else if (edits) throw new Failure('corrupt', `${path}: has more than one edit list`, { path });
    else edits = payload.edits;
    if (dataKeys.length > mostDataKeys) throw new Failure('unsupported', `${path}: has too many data keys`, { path });
  }
  if (dataKeys.length === 0) {
    throw notForReader(others, reader, path, sender);
  }
  return { dataKeys, edits, writers, payloads, others };
}

/** A header tells how many packets are for others, not who those are. */
function notForReader(others: Packets, reader: KeyPair, path: string, sender: Uint8Array | undefined): Failure {
  const by = sender ? ` by ${fingerprint(sender)}` : '';
  const packets = others.length === 1 ? 'its one header packet is' : `its ${others.length} header packets are`;
  const why =
    others.length === 0 ? 'its header holds no data key' : `${packets} for others${sender ? ', or by others' : ''}`;
  return new Failure('denied', `${path}: not sealed to your key (${fingerprint(reader.public)})${by}: ${why}`, {
    path,
  });
}

function addOnce(arrays: Uint8Array[], added: Uint8Array): void {
  if (!arrays.some((array) => Buffer.compare(array, added) === 0)) arrays.push(added);
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function readUint32(bytes: Uint8Array, offset: number): number {
  return viewOf(bytes).getUint32(offset, true);
}
