import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Remote } from '../../core/remote.ts';
import { keySize } from '../../crypto/aead.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';
import { asCrypt4gh } from '../../remotes/crypt4gh/as-crypt4gh.ts';
import type { BoxKey } from './boxes.ts';

/** The keys of one cached file, null for one in the clear. No nonce is used twice under one of them. */
export interface FileKeys {
  readonly block: BoxKey;
  readonly record: BoxKey;
}

export const noKeys: FileKeys = { block: null, record: null };

/** What the cache of a remote that opens what it stores is sealed under: from the remote's own key, so that it opens at
 *  the next mount too, and nowhere without the crypt remote's passwords, or the secret key of the Crypt4GH remote. Null
 *  for a remote that has no key: a store, a drop box. */
export function cacheKeyOf(remote: Remote): Uint8Array | null {
  const secret = asCrypt(remote)?.cipher.dataKey ?? asCrypt4gh(remote)?.own?.secret;
  if (!secret) return null;
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), 'coffer vfs cache', keySize));
}

/** For a remote that has no key. */
export function newCacheKey(): Uint8Array {
  return new Uint8Array(randomBytes(keySize));
}

/** `id` is the file's random name in the cache. One block of HKDF-Expand (RFC 5869): the cache's key is a good key already,
 *  and each new file pays for this. */
export function fileKeys(cacheKey: Uint8Array, id: string): FileKeys {
  const both = createHmac('sha512', cacheKey).update(`file ${id}\x01`).digest();
  return { block: both.subarray(0, keySize), record: both.subarray(keySize) };
}
