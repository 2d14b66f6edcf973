import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Remote } from '../../core/remote.ts';
import { keySize } from '../../crypto/aes-gcm.ts';
import { asCrypt } from '../../remotes/crypt/as-crypt.ts';
import type { BoxKey } from './boxes.ts';

/** The keys of one cached file, null for one in the clear. No nonce is used twice under one of them. */
export interface FileKeys {
  readonly block: BoxKey;
  readonly record: BoxKey;
}

export const noKeys: FileKeys = { block: null, record: null };

/** What a crypt remote's cache is sealed under: from its own key, so that it opens at the next mount too, and nowhere
 *  without the remote's passwords. Null for a remote that has no key. */
export function cacheKeyOf(remote: Remote): Uint8Array | null {
  const crypt = asCrypt(remote);
  if (!crypt) return null;
  return new Uint8Array(hkdfSync('sha256', crypt.cipher.dataKey, new Uint8Array(0), 'coffer vfs cache', keySize));
}

/** For a remote that has no key. */
export function newCacheKey(): Uint8Array {
  return new Uint8Array(randomBytes(keySize));
}

/** `id` is the file's random name in the cache. */
export function fileKeys(cacheKey: Uint8Array, id: string): FileKeys {
  return { block: expand(cacheKey, `block ${id}`), record: expand(cacheKey, `record ${id}`) };
}

/** HKDF-Expand of RFC 5869 for one block of output: the cache's key is a good key already, and each new file pays for this. */
function expand(key: Uint8Array, purpose: string): Uint8Array {
  return createHmac('sha256', key).update(`${purpose}\x01`).digest();
}
