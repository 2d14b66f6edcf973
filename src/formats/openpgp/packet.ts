import { type Bytes, pieceSize } from '../../core/bytes.ts';
import { Failure } from '../../core/failure.ts';
import type { ByteReader } from '../byte-reader.ts';
import { gather } from '../gather.ts';

/** Numbers of the packets that matter here: RFC 4880, section 4.3. */
export const packetTag = {
  publicKeySession: 1,
  passwordSession: 3,
  compressed: 8,
  unprotected: 9,
  marker: 10,
  literal: 11,
  sealed: 18,
  aead: 20,
} as const;

export interface PacketHeader {
  readonly tag: number;
  /** Bytes of the body; null to the end of the file, 'partial' where each part says its own length. */
  readonly length: number | null | { readonly firstPart: number };
}

// Parts of 2^20 bytes: the power goes into the low bits of the length byte (RFC 4880, section 4.2.2.4).
const partSize = pieceSize;
const partByte = 0xe0 | Math.log2(partSize);

/** A packet whose body is at hand. */
export function formatPacket(tag: number, body: Uint8Array): Uint8Array {
  return Buffer.concat([[0xc0 | tag], formatLength(body.length), body].map((part) => Buffer.from(part)));
}

/** A packet around a stream of any length: in parts of 1 MiB, the last one shorter. Pieces come in two buffers that
 *  take turns. */
export async function* packetStream(tag: number, body: Bytes): AsyncGenerator<Uint8Array> {
  let buffer: Buffer = Buffer.allocUnsafe(2 + partSize);
  let spare: Buffer | null = null;
  let isFirst = true;
  // Room for the tag and a part's length byte stays free in front.
  let filled = 2;
  for await (const piece of body) {
    for (let offset = 0; offset < piece.length; ) {
      if (filled === buffer.length) {
        yield headed(buffer, tag, isFirst);
        [buffer, spare] = [spare ?? Buffer.allocUnsafe(buffer.length), buffer];
        isFirst = false;
        filled = 2;
      }
      const part = piece.subarray(offset, offset + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      offset += part.length;
    }
  }
  const length = formatLength(filled - 2);
  yield Buffer.concat([Buffer.from(isFirst ? [0xc0 | tag] : []), Buffer.from(length), buffer.subarray(2, filled)]);
}

function headed(buffer: Buffer, tag: number, isFirst: boolean): Uint8Array {
  buffer[0] = 0xc0 | tag;
  buffer[1] = partByte;
  return isFirst ? buffer : buffer.subarray(1);
}

/** Bytes of what `packetStream` makes of a body of `size` bytes. */
export function packetStreamSize(size: number): number {
  const parts = Math.max(0, Math.ceil(size / partSize) - 1);
  return 1 + parts + formatLength(size - parts * partSize).length + size;
}

function formatLength(length: number): readonly number[] {
  if (length < 192) return [length];
  if (length < 8384) return [((length - 192) >> 8) + 192, (length - 192) & 0xff];
  return [0xff, length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
}

/** The next packet's header; null at the end of the stream. Throws Failure('corrupt'). */
export async function readPacketHeader(reader: ByteReader): Promise<PacketHeader | null> {
  const [first] = await reader.take(1);
  if (first === undefined) return null;
  if ((first & 0x80) === 0) throw new Failure('corrupt', 'this is not an OpenPGP message in binary form');
  if ((first & 0x40) !== 0) return { tag: first & 0x3f, length: await readLength(reader) };
  const tag = (first >> 2) & 0x0f;
  const bytes = [1, 2, 4, 0][first & 3] as number;
  if (bytes === 0) return { tag, length: null };
  return { tag, length: (await required(reader, bytes)).reduce((sum, byte) => sum * 256 + byte, 0) };
}

async function readLength(reader: ByteReader): Promise<number | { readonly firstPart: number }> {
  const [first = 0] = await required(reader, 1);
  if (first < 192) return first;
  if (first < 224) return ((first - 192) << 8) + ((await required(reader, 1))[0] as number) + 192;
  if (first < 255) return { firstPart: 2 ** (first & 0x1f) };
  return (await required(reader, 4)).reduce((sum, byte) => sum * 256 + byte, 0);
}

async function required(reader: ByteReader, length: number): Promise<Uint8Array> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw cut();
  return bytes;
}

function cut(): Failure {
  return new Failure('corrupt', 'the OpenPGP message is cut: it ends too early');
}

/** The body of a packet, its parts joined. Throws Failure('corrupt') where it is cut. */
export function packetBody(reader: ByteReader, header: PacketHeader): AsyncGenerator<Uint8Array> {
  // gpg's parts have 8 KiB.
  return gather(bodyParts(reader, header));
}

async function* bodyParts(reader: ByteReader, { length }: PacketHeader): AsyncGenerator<Uint8Array> {
  let left = length;
  while (left !== 0) {
    const size: number = left === null ? partSize : typeof left === 'number' ? left : left.firstPart;
    const part = await reader.some(size);
    if (part.length === 0 && left === null) return;
    if (part.length === 0) throw cut();
    yield part;
    if (typeof left === 'number') left -= part.length;
    else if (left !== null) left = size > part.length ? { firstPart: size - part.length } : await readLength(reader);
  }
}
