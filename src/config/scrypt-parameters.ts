import { Failure } from '../core/failure.ts';

/** How hard a config password is to guess: RFC 7914's parameters. */
export interface ScryptParameters {
  readonly kdf: 'scrypt';
  /** log2 of N. */
  readonly logN: number;
  readonly r: number;
  readonly p: number;
  /** 16 bytes. */
  readonly salt: Uint8Array;
}

const saltSize = 16;
export const parametersSize = 3 + saltSize;

// A file that somebody planted must not make us compute for minutes or fill the memory: N·r ≤ 2^21 is 256 MiB.
const mostBlocks = 2 ** 21;
const mostParallel = 4;

/** logN[1] ‖ r[1] ‖ p[1] ‖ salt[16]. */
export function encodeParameters({ logN, r, p, salt }: ScryptParameters): Uint8Array {
  return Uint8Array.of(logN, r, p, ...salt);
}

/** Throws Failure('corrupt') where there are none, Failure('unsupported') for more work than we would do. */
export function decodeParameters(data: Uint8Array): ScryptParameters {
  if (data.length < parametersSize) throw new Failure('corrupt', 'the encrypted config is too short');
  const [logN = 0, r = 0, p = 0] = data;
  // RFC 7914, section 2: N is less than 2^(128·r/8).
  const isPossible = logN >= 1 && r >= 1 && p >= 1 && logN < 16 * r;
  if (!isPossible || 2 ** logN * r > mostBlocks || p > mostParallel) {
    throw new Failure('unsupported', `its scrypt parameters (N = 2^${logN}, r = ${r}, p = ${p}) are out of bounds`);
  }
  return { kdf: 'scrypt', logN, r, p, salt: data.slice(3, parametersSize) };
}
