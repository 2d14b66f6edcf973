import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { nonceSize, tagSize } from '../../crypto/aead.ts';
import { open, seal } from '../../crypto/chacha20-poly1305.ts';
import { exchangeKey } from '../../crypto/key-exchange.ts';
import { type KeyPair, keySize } from '../../crypto/x25519.ts';

// A packet without its length: method (32 bits, 0 is X25519 with ChaCha20-Poly1305) ‖ the writer's public key ‖ nonce ‖
// ciphertext ‖ tag.
const methodSize = 4;
const nonceOffset = methodSize + keySize;
const boxOffset = nonceOffset + nonceSize;

/** Seals what a packet says to one recipient. Throws Failure('usage') for a public key that cannot be one. */
export function sealPacket(payload: Uint8Array, writer: KeyPair, recipient: Uint8Array): Uint8Array {
  const key = exchangeKey('writer', writer, recipient);
  if (!key) throw new Failure('usage', 'a recipient has a public key that nobody can have the secret to');
  const packet = new Uint8Array(boxOffset + payload.length + tagSize);
  const nonce = randomBytes(nonceSize);
  packet.set(writer.public, methodSize);
  packet.set(nonce, nonceOffset);
  seal(packet.subarray(boxOffset), payload, nonce, key);
  key.fill(0);
  return packet;
}

export interface OpenedPacket {
  readonly payload: Uint8Array;
  /** The public key of whoever wrote it. */
  readonly writer: Uint8Array;
}

/** What a packet says; null where it is not for this reader, or of a method that is not known. */
export function openPacket(packet: Uint8Array, reader: KeyPair): OpenedPacket | null {
  const writer = writerOf(packet);
  const payload = writer && unseal(packet, exchangeKey('reader', reader, writer));
  return writer && payload && { payload, writer };
}

/** What a packet says that `writer` has written to this recipient; null where it is none of those. */
export function openSentPacket(packet: Uint8Array, writer: KeyPair, recipient: Uint8Array): Uint8Array | null {
  const claimed = writerOf(packet);
  if (!claimed || Buffer.compare(claimed, writer.public) !== 0) return null;
  return unseal(packet, exchangeKey('writer', writer, recipient));
}

/** The public key of whoever wrote a packet; null for one of a method that is not known. */
export function writerOf(packet: Uint8Array): Uint8Array | null {
  const isKnown = packet.length >= boxOffset + tagSize && packet.subarray(0, methodSize).every((byte) => byte === 0);
  return isKnown ? Uint8Array.from(packet.subarray(methodSize, nonceOffset)) : null;
}

function unseal(packet: Uint8Array, key: Uint8Array | null): Uint8Array | null {
  if (!key) return null;
  const payload = new Uint8Array(packet.length - boxOffset - tagSize);
  const isOpen = open(payload, packet.subarray(boxOffset), packet.subarray(nonceOffset, boxOffset), key);
  key.fill(0);
  return isOpen ? payload : null;
}
