import { createDecipheriv, createHash } from 'node:crypto';
import { type Bytes, collect } from '../../core/bytes.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import { createCfbDecipher } from '../../crypto/cfb-decipher.ts';
import { type ByteReader, readerOf } from '../byte-reader.ts';
import { inflated } from './inflate.ts';
import { type PacketHeader, packetBody, packetTag, readPacketHeader } from './packet.ts';
import { openSessionKey, type PasswordPacket, parsePasswordPacket, type SessionKey } from './session-key.ts';

/** Opens a message that is sealed by a password. What it gives is proven only once the stream has ended: until then nobody
 *  may rely on it. `path` is what messages call the file.
 *  Throws Failure('wrong-password'), 'corrupt' for what is cut or changed, 'unsupported' for what only gpg opens. */
export async function* openMessage(sealed: Bytes, password: string, path: string): AsyncGenerator<Uint8Array> {
  const reader = readerOf(sealed);
  try {
    const { passwords, header } = await readStart(reader);
    const body = packetBody(reader, header);
    yield* literalData(openBody(body, passwords, password, path));
    if ((await reader.take(1)).length > 0)
      throw new Failure('corrupt', 'something follows the end of its OpenPGP message');
  } catch (error) {
    if (!isFailure(error, 'corrupt', 'unsupported') || error.message.startsWith(path)) throw error;
    throw new Failure(error.kind, `${path}: ${error.message}`, { path, cause: error });
  } finally {
    await reader.close();
  }
}

const longestPasswordPacket = 1024;
// Each costs up to 40 ms to try, in which nothing else runs. gpg writes one.
const mostPasswords = 32;

/** Reads up to the packet with the content. */
async function readStart(
  reader: ByteReader,
): Promise<{ readonly passwords: readonly PasswordPacket[]; readonly header: PacketHeader }> {
  const passwords: PasswordPacket[] = [];
  for (;;) {
    const header = await readPacketHeader(reader);
    if (header === null) throw new Failure('corrupt', 'the OpenPGP message is cut: it holds no content');
    const { tag, length } = header;
    if (tag === packetTag.sealed) return { passwords, header };
    if (tag === packetTag.aead) {
      throw new Failure('unsupported', 'it is sealed in a newer form of OpenPGP (AEAD), which gpg 2.3 and later open');
    }
    if (tag === packetTag.unprotected) {
      throw new Failure(
        'unsupported',
        'it carries no proof that it is unchanged (no MDC): only gpg can be made to open it',
      );
    }
    if (tag === packetTag.passwordSession && typeof length === 'number' && length <= longestPasswordPacket) {
      passwords.push(parsePasswordPacket(await collect(packetBody(reader, header))));
      if (passwords.length > mostPasswords)
        throw new Failure('unsupported', `it is sealed by more than ${mostPasswords} passwords: open it with gpg`);
    } else if (tag === packetTag.publicKeySession || tag === packetTag.marker) {
      for await (const _ of packetBody(reader, header));
    } else {
      throw new Failure('unsupported', `it is not an OpenPGP message that a password opens (packet ${tag})`);
    }
  }
}

const prefixSize = 18;
const digestSize = 22;

/** Opens the sealed packet's body, and at its end holds it against its digest. */
async function* openBody(
  body: AsyncGenerator<Uint8Array>,
  passwords: readonly PasswordPacket[],
  password: string,
  path: string,
): AsyncGenerator<Uint8Array> {
  const reader = readerOf(body);
  const start = await reader.take(1 + prefixSize);
  if (start.length < 1 + prefixSize) throw new Failure('corrupt', 'the OpenPGP message is cut: it ends too early');
  if (start[0] !== 1)
    throw new Failure('unsupported', 'it is sealed in a newer form of OpenPGP, which coffer does not know');
  const session = findSession(passwords, password, start.subarray(1), path);
  // The last bytes are the digest: they are held back until the end is there.
  const decipher = createCfbDecipher(session, digestSize);
  decipher.update(start.subarray(1));
  const digest = createHash('sha1');
  let prefixLeft = prefixSize;
  for await (const part of reader.rest()) {
    const opened = decipher.update(part);
    digest.update(opened);
    const content = opened.subarray(prefixLeft);
    prefixLeft -= opened.length - content.length;
    if (content.length > 0) yield content;
  }
  const last = decipher.final();
  const end = last.length - digestSize;
  if (end < prefixLeft) throw new Failure('corrupt', 'the OpenPGP message is cut: it ends too early');
  digest.update(last.subarray(0, end));
  if (end > prefixLeft) yield last.subarray(prefixLeft, end);
  const held = last.subarray(end);
  const expected = digest.update(held.subarray(0, 2)).digest();
  if (held[0] !== 0xd3 || held[1] !== 20 || !expected.equals(held.subarray(2))) {
    throw new Failure('corrupt', 'it was changed or cut since it was sealed: its MDC does not fit');
  }
}

function findSession(
  passwords: readonly PasswordPacket[],
  password: string,
  prefix: Uint8Array,
  path: string,
): SessionKey {
  if (passwords.length === 0) {
    throw new Failure('unsupported', 'it is sealed to public keys of OpenPGP, not by a password: open it with gpg');
  }
  for (const packet of passwords) {
    const session = openSessionKey(packet, password);
    if (session && startsRight(session, prefix)) return session;
  }
  throw new Failure('wrong-password', `${path}: the password does not open it`, { path });
}

/** Two bytes of the random block come twice: one wrong password in 65,536 passes here, and fails at the digest. */
function startsRight({ cipher, key }: SessionKey, prefix: Uint8Array): boolean {
  const opened = createDecipheriv(cipher, key, Buffer.alloc(16)).update(prefix);
  return opened[14] === opened[16] && opened[15] === opened[17];
}

/** The content of a literal packet, which may be compressed; reads the stream to its end. */
async function* literalData(packets: Bytes, isCompressed = false): AsyncGenerator<Uint8Array> {
  const reader = readerOf(packets);
  const header = await readPacketHeader(reader);
  if (header?.tag === packetTag.compressed && !isCompressed) {
    const body = readerOf(packetBody(reader, header));
    const [algorithm = 0] = await body.take(1);
    yield* literalData(inflated(algorithm, body.rest()), true);
  } else if (header?.tag === packetTag.literal) {
    const body = readerOf(packetBody(reader, header));
    const [, nameLength] = await body.take(2);
    // The name and the date do not matter here.
    if (nameLength === undefined || (await body.take(nameLength + 4)).length < nameLength + 4) {
      throw new Failure('corrupt', 'the OpenPGP message is cut inside');
    }
    yield* body.rest();
  } else {
    throw new Failure('unsupported', `it holds no plain data but packet ${header?.tag ?? 'none'}: open it with gpg`);
  }
  if ((await reader.take(1)).length > 0) throw new Failure('corrupt', 'something follows its content inside the seal');
}
