import { loadPoly1305 } from './poly1305.ts';
import type { Box } from './quick.ts';
import { keySize, tagSize } from './secretbox.ts';

/** What of sodium-native's binding XSalsa20 takes, piece by piece. */
export interface StreamBinding {
  readonly crypto_stream_xor_STATEBYTES: number;
  crypto_stream_xor_init(state: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_stream_xor_update(state: Uint8Array, out: Uint8Array, bytes: Uint8Array): void;
  /** In constant time. */
  sodium_memcmp(a: Uint8Array, b: Uint8Array): boolean;
}

/** A secretbox of libsodium's XSalsa20 and OpenSSL's Poly1305: docs/decisions/0200-poly1305-by-openssl.md. Lengths must
 *  fit, and arrays not overlap. Throws where OpenSSL's cannot be called. To load it takes some milliseconds. */
export function loadQuickSecretbox(binding: StreamBinding): Box {
  const authenticate = loadPoly1305();
  const state = Buffer.alloc(binding.crypto_stream_xor_STATEBYTES);
  const zeros = Buffer.alloc(keySize);
  const tagKey = Buffer.alloc(keySize);
  const tag = Buffer.alloc(tagSize);

  // The first 32 bytes of the key stream are the tag's key, the message takes what follows.
  const begin = (nonce: Uint8Array, key: Uint8Array): void => {
    binding.crypto_stream_xor_init(state, nonce, key);
    binding.crypto_stream_xor_update(state, tagKey, zeros);
  };
  return {
    seal(out, plain, nonce, key) {
      begin(nonce, key);
      const sealed = out.subarray(tagSize);
      binding.crypto_stream_xor_update(state, sealed, plain);
      authenticate(out.subarray(0, tagSize), sealed, tagKey);
    },
    open(out, box, nonce, key) {
      begin(nonce, key);
      const sealed = box.subarray(tagSize);
      authenticate(tag, sealed, tagKey);
      if (!binding.sodium_memcmp(tag, box.subarray(0, tagSize))) return false;
      binding.crypto_stream_xor_update(state, out, sealed);
      return true;
    },
  };
}
