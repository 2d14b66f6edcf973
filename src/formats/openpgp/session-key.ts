import { createDecipheriv, randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure.ts';
import { formatPacket, packetTag } from './packet.ts';
import { deriveKey, formatS2k, parseS2k, type S2k } from './s2k.ts';

/** A key for the body of a message. */
export interface SessionKey {
  readonly key: Uint8Array;
  /** As node names it in CFB: `aes-256-cfb`. */
  readonly cipher: string;
}

interface Cipher {
  readonly name: string;
  readonly keySize: number;
}

// RFC 4880, section 9.2; AES only, in blocks of 16 bytes.
const ciphers: Readonly<Record<number, Cipher>> = {
  7: { name: 'aes-128-cfb', keySize: 16 },
  8: { name: 'aes-192-cfb', keySize: 24 },
  9: { name: 'aes-256-cfb', keySize: 32 },
};
const aes256 = 9;

/** The packet that names a new salt, and the key which the password gives with it: AES-256. */
export function newSessionKey(password: string): { readonly packet: Uint8Array; readonly session: SessionKey } {
  const { bytes, s2k } = formatS2k(randomBytes(8));
  const packet = formatPacket(packetTag.passwordSession, Uint8Array.from([4, aes256, ...bytes]));
  return { packet, session: { key: deriveKey(s2k, password, 32), cipher: 'aes-256-cfb' } };
}

/** A packet that leads from a password to the session key. */
export interface PasswordPacket {
  readonly cipher: Cipher;
  readonly s2k: S2k;
  /** The session key sealed by what the password gives; empty where that is the session key itself. */
  readonly sealedKey: Uint8Array;
}

/** Reads the body of a packet "symmetric-key encrypted session key", version 4. Throws Failure('unsupported'). */
export function parsePasswordPacket(body: Uint8Array): PasswordPacket {
  const [version, cipher = 0] = body;
  if (version !== 4) {
    throw new Failure(
      'unsupported',
      `its password packet has version ${version}: open it with gpg, coffer knows version 4`,
    );
  }
  const { s2k, length } = parseS2k(body.subarray(2));
  return { cipher: cipherOf(cipher), s2k, sealedKey: body.slice(2 + length) };
}

/** The session key that a password leads to; null where it is certainly the wrong one. */
export function openSessionKey({ cipher, s2k, sealedKey }: PasswordPacket, password: string): SessionKey | null {
  const key = deriveKey(s2k, password, cipher.keySize);
  if (sealedKey.length === 0) return { key, cipher: cipher.name };
  const opened = createDecipheriv(cipher.name, key, Buffer.alloc(16)).update(sealedKey);
  const inner = ciphers[opened[0] ?? 0];
  if (inner?.keySize !== opened.length - 1) return null;
  return { key: opened.subarray(1), cipher: inner.name };
}

function cipherOf(id: number): Cipher {
  const cipher = ciphers[id];
  if (cipher) return cipher;
  throw new Failure('unsupported', `it is sealed by OpenPGP's cipher ${id}: open it with gpg, coffer knows AES`);
}
