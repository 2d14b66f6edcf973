import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Bytes } from '../../core/bytes.ts';
import { packetStream, packetStreamSize, packetTag } from './packet.ts';
import { newSessionKey, type SessionKey } from './session-key.ts';

// Of the literal packet: binary, no name, no date (RFC 4880, section 5.9).
const literalHeader = Uint8Array.from([0x62, 0, 0, 0, 0, 0]);
const prefixSize = 18;
const digestHeader = Uint8Array.from([0xd3, 20]);
const digestSize = 22;
const passwordPacketSize = 15;

/** What `gpg --symmetric --cipher-algo AES256 --compress-algo none` makes: a message of RFC 4880 that is sealed by a
 *  password, with a modification detection code at its end. */
export async function* sealMessage(plain: Bytes, password: string): AsyncGenerator<Uint8Array> {
  const { packet, session } = newSessionKey(password);
  yield packet;
  yield* packetStream(packetTag.sealed, sealedBody(session, packetStream(packetTag.literal, literalBody(plain))));
}

/** Bytes of the message for `size` plain bytes. */
export function sealedMessageSize(size: number): number {
  const literal = packetStreamSize(literalHeader.length + size);
  return passwordPacketSize + packetStreamSize(1 + prefixSize + literal + digestSize);
}

async function* literalBody(plain: Bytes): AsyncGenerator<Uint8Array> {
  yield literalHeader;
  yield* plain;
}

/** Version 1 of the packet: CFB from a random block of which two bytes come twice, SHA-1 of all plain bytes at the end. */
async function* sealedBody({ key, cipher: name }: SessionKey, plain: Bytes): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv(name, key, Buffer.alloc(16));
  const digest = createHash('sha1');
  const seal = (bytes: Uint8Array): Uint8Array => {
    digest.update(bytes);
    return cipher.update(bytes);
  };
  const random = randomBytes(prefixSize - 2);
  yield Buffer.concat([Uint8Array.of(1), seal(Buffer.concat([random, random.subarray(-2)]))]);
  for await (const piece of plain) yield seal(piece);
  const end = seal(digestHeader);
  yield Buffer.concat([end, cipher.update(digest.digest())]);
  key.fill(0);
}
