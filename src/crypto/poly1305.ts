import { loadLibrary } from '../core/c-library.ts';
import { Failure } from '../core/failure.ts';
import { check } from './openssl.ts';
import { keySize, tagSize } from './secretbox.ts';

/** Writes the 16 bytes of the tag of `message` to `tag`. The key, of 32 bytes, is for this message alone. */
export type Poly1305 = (tag: Uint8Array, message: Uint8Array, key: Uint8Array) => void;

/** By the OpenSSL inside node (its EVP_MAC, <openssl/evp.h>). Throws where koffi has no build for this system, or node does
 *  not export these functions. */
export function loadPoly1305(): Poly1305 {
  const library = loadLibrary();
  const fetch = library.func<unknown>('void *EVP_MAC_fetch(void *context, const char *name, const char *properties)');
  const newContext = library.func<unknown>('void *EVP_MAC_CTX_new(void *mac)');
  const begin = library.func('int EVP_MAC_init(void *ctx, const void *key, size_t length, void *parameters)');
  const update = library.func('int EVP_MAC_update(void *ctx, const void *data, size_t length)');
  const finish = library.func('int EVP_MAC_final(void *ctx, void *out, void *length, size_t room)');
  const mac = fetch(null, 'POLY1305', null);
  // As in FIPS mode. An error that stays in OpenSSL's queue would look to node like a failure of its own next call.
  if (mac === null) {
    library.func('void ERR_clear_error()')();
    throw new Failure('unsupported', "node's OpenSSL has no Poly1305 here");
  }
  const state = newContext(mac);
  const length = new BigUint64Array(1);

  return (tag, message, key) => {
    if (tag.length !== tagSize || key.length !== keySize)
      throw new RangeError(`${tag.length}, ${key.length} do not fit`);
    check(begin(state, key, keySize, null));
    check(update(state, message, message.length));
    check(finish(state, tag, length, tagSize));
  };
}
