import { hkdfSync, randomBytes } from 'node:crypto';
import { nameToBytes } from '../../core/name-bytes.ts';
import type { Remote } from '../../core/remote.ts';
import { keySize } from '../../crypto/aes-gcm.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';

/** The keys of one cached file. No nonce is used twice under one of them. */
export interface FileKeys {
  readonly block: Uint8Array;
  readonly record: Uint8Array;
}

/** What a crypt remote's cache is sealed under: from its own key, so that it opens at the next mount too, and nowhere
 *  without the remote's passwords. Null for a remote that has no key. */
export function cacheKeyOf(remote: Remote): Uint8Array | null {
  const crypt = asCrypt(remote);
  return crypt && derive(crypt.cipher.dataKey, new Uint8Array(0), 'coffer vfs cache');
}

/** For a remote that has no key. */
export function newCacheKey(): Uint8Array {
  return new Uint8Array(randomBytes(keySize));
}

/** `id` is the file's random name in the cache. */
export function fileKeys(cacheKey: Uint8Array, id: string): FileKeys {
  const salt = nameToBytes(id);
  return { block: derive(cacheKey, salt, 'block'), record: derive(cacheKey, salt, 'record') };
}

function derive(key: Uint8Array, salt: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, purpose, keySize));
}
