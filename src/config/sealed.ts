import { createHash } from 'node:crypto';
import { Failure } from '../core/failure.ts';
import type { Engine } from '../crypto/engine.ts';
import { trimSpace } from './whitespace.ts';

const nonceSize = 24;
const tagSize = 16;
const marker = 'RCLONE_ENCRYPT_V0:';

/** What an encrypted config file holds: nonce[24] ‖ secretbox of the plain file. */
export type SealedConfig = Uint8Array;

/** The sealed content of a config file; null where the file is plain.
 *  Throws Failure('unsupported') for another version, Failure('corrupt') for content that cannot be a box. */
export function sealedConfigIn(data: Uint8Array): SealedConfig | null {
  const lines = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1').split('\n');
  const first = lines.findIndex((line) => !/^(?:[#;]|$)/.test(trimSpace(line)));
  const version = trimSpace(lines[first] ?? '');
  if (!version.startsWith('RCLONE_ENCRYPT_V')) return null;
  if (version !== marker) throw new Failure('unsupported', 'this version of config encryption is not supported');
  const base64 = lines
    .slice(first + 1)
    .join('')
    .replaceAll('\r', '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new Failure('corrupt', 'the encrypted config is not base64');
  }
  const box = Buffer.from(base64, 'base64');
  if (box.length < nonceSize + tagSize) throw new Failure('corrupt', 'the encrypted config is too short');
  return box;
}

/** The key that rclone derives from a config password. Throws Failure('usage') for an empty one. */
export function configKey(password: string): Uint8Array {
  if (trimSpace(password) === '') throw new Failure('usage', 'the config password has no characters');
  return createHash('sha256')
    .update(`[${password.normalize('NFKC')}][rclone-config]`)
    .digest();
}

/** The plain config file; null when the key is wrong or the content was changed: they look alike. */
export function openSealedConfig(sealed: SealedConfig, key: Uint8Array, engine: Engine): Uint8Array | null {
  const plain = new Uint8Array(sealed.length - nonceSize - tagSize);
  const isOpen = engine.open(plain, sealed.subarray(nonceSize), sealed.subarray(0, nonceSize), key);
  return isOpen ? plain : null;
}
