import { createHash } from 'node:crypto';
import { keySize } from './x25519.ts';

const p = 2n ** 255n - 19n;
// The curve's constant, −121665/121666.
const d = (p - 121_665n) * inverse(121_666n);

/** The X25519 key of an Ed25519 public key, as libsodium's crypto_sign_ed25519_pk_to_curve25519 converts it: the same
 *  point on the curve's other form (RFC 7748, section 4.1). Null where the bytes are no point of the curve.
 *  Not in constant time: a public key is no secret. */
export function toX25519Public(publicKey: Uint8Array): Uint8Array | null {
  if (publicKey.length !== keySize) return null;
  const y = littleEndian(publicKey) & (2n ** 255n - 1n);
  if (y >= p || y === 1n || !isOnCurve(y)) return null;
  const u = ((1n + y) * inverse(p + 1n - y)) % p;
  return Uint8Array.from({ length: keySize }, (_, i) => Number((u >> BigInt(8 * i)) & 0xffn));
}

/** The X25519 secret key of an Ed25519 one, which is stored as a 32-byte seed (RFC 8032, section 5.1.5). */
export function toX25519Secret(seed: Uint8Array): Uint8Array {
  const hash = createHash('sha512').update(seed).digest();
  const secret = new Uint8Array(hash.subarray(0, keySize));
  hash.fill(0);
  secret[0] = (secret[0] as number) & 0xf8;
  secret[31] = ((secret[31] as number) & 0x7f) | 0x40;
  return secret;
}

// x² = (y² − 1) / (d·y² + 1) has a root where Euler's criterion says so.
function isOnCurve(y: bigint): boolean {
  const y2 = (y * y) % p;
  const x2 = ((y2 + p - 1n) * inverse((d * y2 + 1n) % p)) % p;
  return x2 === 0n || power(x2, (p - 1n) / 2n) === 1n;
}

function inverse(value: bigint): bigint {
  return power(value % p, p - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
