import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure.ts';

/** How a password becomes a key: RFC 4880, section 3.7. */
export interface S2k {
  /** The number of the hash in OpenPGP's registry. */
  readonly hash: number;
  /** Empty for the simple form. */
  readonly salt: Uint8Array;
  /** How many bytes of salt and password are hashed; 0 hashes them once. */
  readonly count: number;
}

// RFC 4880, section 9.4.
const hashNames: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  3: 'ripemd160',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};

const saltSize = 8;
/** SHA-256. */
const ownHash = 8;
/** The most that one byte can say, as gpg writes it: 65,011,712 bytes, some 40 ms. */
const ownCount = 0xff;

/** The specifier that new messages have: salted and iterated. `salt` is 8 random bytes. */
export function formatS2k(salt: Uint8Array): { readonly bytes: Uint8Array; readonly s2k: S2k } {
  const bytes = Uint8Array.from([3, ownHash, ...salt, ownCount]);
  return { bytes, s2k: { hash: ownHash, salt, count: countOf(ownCount) } };
}

/** Reads a specifier off the front of `bytes`. Throws Failure('unsupported'), Failure('corrupt') for one that is cut. */
export function parseS2k(bytes: Uint8Array): { readonly s2k: S2k; readonly length: number } {
  const [type, hash = 0] = bytes;
  const length = type === 0 ? 2 : type === 1 ? 2 + saltSize : type === 3 ? 3 + saltSize : null;
  if (length === null)
    throw new Failure('unsupported', `its password is used in a way (S2K ${type}) unknown to coffer`);
  if (bytes.length < length) throw new Failure('corrupt', 'the OpenPGP message is cut in its first packet');
  const salt = bytes.slice(2, type === 0 ? 2 : 2 + saltSize);
  return { s2k: { hash, salt, count: type === 3 ? countOf(bytes[2 + saltSize] ?? 0) : 0 }, length };
}

function countOf(coded: number): number {
  return (16 + (coded & 15)) << ((coded >> 4) + 6);
}

/** The key of `size` bytes. Throws Failure('unsupported') for a hash that this machine lacks. */
export function deriveKey({ hash, salt, count }: S2k, password: string, size: number): Uint8Array {
  const input = Buffer.concat([salt, Buffer.from(password)]);
  const key = Buffer.alloc(size);
  // A hash that is shorter than the key is run again with one more zero byte in front.
  for (let filled = 0, zeros = 0; filled < size; zeros++) {
    const context = hashFor(hash).update(Buffer.alloc(zeros));
    hashRepeated(context, input, Math.max(count, input.length));
    filled += context.digest().copy(key, filled);
  }
  input.fill(0);
  return key;
}

function hashRepeated(context: ReturnType<typeof createHash>, input: Buffer, count: number): void {
  // An empty password without salt.
  if (input.length === 0) return;
  const block = Buffer.alloc(Math.min(count, input.length * Math.max(1, Math.ceil((1 << 16) / input.length))), input);
  for (let left = count; left > 0; left -= block.length) context.update(block.subarray(0, left));
  block.fill(0);
}

function hashFor(id: number) {
  const name = hashNames[id];
  try {
    if (name !== undefined) return createHash(name);
  } catch {
    // Not every build of node has all of them: the same as one that nobody knows.
  }
  throw new Failure('unsupported', `its password is hashed by OpenPGP's hash ${id}, which coffer does not know`);
}
