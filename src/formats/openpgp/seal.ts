import { createHash, randomBytes } from 'node:crypto';
import type { Bytes } from '../../core/bytes.ts';
import { encryptCfb } from '../../crypto/aes-cfb.ts';
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
async function* sealedBody(session: SessionKey, plain: Bytes): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1);
  yield* encryptCfb(digested(plain), session);
  session.key.fill(0);
}

async function* digested(plain: Bytes): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha1');
  const random = randomBytes(prefixSize - 2);
  const prefix = Buffer.concat([random, random.subarray(-2)]);
  digest.update(prefix);
  yield prefix;
  for await (const piece of plain) {
    digest.update(piece);
    yield piece;
  }
  yield Buffer.concat([digestHeader, digest.update(digestHeader).digest()]);
}
